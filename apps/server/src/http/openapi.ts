import { contract } from '@life-os/contract'

type Document = Awaited<ReturnType<typeof generate>>

/** The OpenAPI document, made on first use: its generator is not needed to start. */
export function createOpenApi(version: string): () => Promise<Document> {
  let made: Promise<Document> | undefined
  return () => (made ??= generate(version))
}
export type OpenApiDocument = Document

async function generate(version: string) {
  const [{ OpenAPIGenerator }, { ZodToJsonSchemaConverter }] = await Promise.all([import('@orpc/openapi'), import('@orpc/zod/zod4')])
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] })
  const document = await generator.generate(contract, {
    info: {
      title: 'Life-OS',
      version,
      description: 'Everything the web app and the command line do. Failures are RFC 9457 problem details with a stable `code`.',
    },
    servers: [{ url: '/api/v1' }],
    security: [{ token: [] }, { session: [] }],
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'An API token made in Settings.' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'lifeos_<folder>',
          description: 'The web app’s session; changing requests carry `X-CSRF-Token`.',
        },
      },
    },
  })
  const paths = { ...document.paths, ...beside() }
  for (const [path, item] of Object.entries(paths)) {
    for (const operation of Object.values(item ?? {})) {
      if (typeof operation === 'object' && operation && 'responses' in operation) operation.tags ??= [path.split('/')[1] ?? 'system']
    }
  }
  return { ...document, paths }
}

/** Routes that stream bytes and therefore stand outside the contract. */
function beside() {
  const text = (name: string, description: string, required = false) => ({
    name,
    in: 'query' as const,
    required,
    description,
    schema: { type: 'string' as const },
  })
  const hash = { name: 'sha256', in: 'path' as const, required: true, schema: { type: 'string' as const, pattern: '^[0-9a-f]{64}$' } }
  const bytes = { 'application/octet-stream': { schema: { type: 'string' as const, format: 'binary' } } }
  const stored = {
    201: {
      description: 'Stored',
      content: {
        'application/json': {
          schema: { type: 'object' as const, properties: { hash: { type: 'string' as const }, size: { type: 'integer' as const } } },
        },
      },
    },
  }
  return {
    '/events': {
      get: {
        summary: 'Server-sent events: a run’s journal, or every topic',
        operationId: 'events',
        parameters: [text('run', 'A run’s id; without it all topics'), text('after', 'The number of the last event seen')],
        responses: { 200: { description: '`journal`, `topic` and `progress` events', content: { 'text/event-stream': {} } } },
      },
    },
    '/blobs': { post: { summary: 'Store bytes', operationId: 'blobs.add', requestBody: { content: bytes }, responses: stored } },
    '/blobs/{sha256}': {
      get: {
        summary: 'Stored bytes',
        operationId: 'blobs.get',
        parameters: [hash],
        responses: { 200: { description: 'The bytes', content: bytes } },
      },
      post: {
        summary: 'Store bytes whose hash is known',
        operationId: 'blobs.put',
        parameters: [hash],
        requestBody: { content: bytes },
        responses: stored,
      },
    },
    '/thumbnail': {
      get: {
        summary: 'A small picture of this machine',
        operationId: 'thumbnail',
        parameters: [text('path', 'The whole path', true), text('run', 'The run whose changes name it')],
        responses: { 200: { description: 'The picture', content: { 'image/*': {} } } },
      },
    },
  }
}

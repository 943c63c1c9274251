import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

const compress = promisify(gzip)
const LARGEST_TAGGED = 4 * 1024 ** 2 // bytes
const SMALLEST_COMPRESSED = 1024 // bytes

/** Tags a JSON answer by its content and answers 304 to who has it already. */
export async function conditional(request: Request, response: Response): Promise<Response> {
  if (request.method !== 'GET' || response.status !== 200 || !isJson(response)) return response
  const body = Buffer.from(await response.arrayBuffer())
  if (body.length > LARGEST_TAGGED) return new Response(body, response)
  const tag = `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`
  const headers = new Headers(response.headers)
  headers.set('etag', tag)
  if (!headers.has('cache-control')) headers.set('cache-control', 'private, no-cache')
  const known = request.headers
    .get('if-none-match')
    ?.split(',')
    .map((item) => item.trim())
  if (known?.includes(tag) || known?.includes('*')) return new Response(null, { status: 304, headers: withoutBody(headers) })
  return new Response(body, { status: 200, headers })
}

/** Compresses JSON of some size for who accepts it. */
export async function compressed(request: Request, response: Response): Promise<Response> {
  if (!isJson(response) || response.status === 304 || response.headers.has('content-encoding') || !acceptsGzip(request)) return response
  const body = Buffer.from(await response.arrayBuffer())
  const headers = new Headers(response.headers)
  headers.append('vary', 'accept-encoding')
  headers.delete('content-length')
  if (body.length < SMALLEST_COMPRESSED) return new Response(body, { status: response.status, headers })
  headers.set('content-encoding', 'gzip')
  return new Response(await compress(body, { level: 5 }), { status: response.status, headers })
}

const isJson = (response: Response): boolean => /^application\/(problem\+)?json\b/.test(response.headers.get('content-type') ?? '')
const acceptsGzip = (request: Request): boolean =>
  /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(request.headers.get('accept-encoding') ?? '')

function withoutBody(headers: Headers): Headers {
  headers.delete('content-type')
  headers.delete('content-length')
  return headers
}

import { z } from 'zod'
import { fault } from '../paths/faults.ts'

/** Argument shapes of the host calls, as in the SDK's HostV1. They come from a plugin's process and are not to be trusted. */
const path = z.string().max(16_384)
const bytes = z.union([z.string(), z.instanceof(Uint8Array)])
const globs = z.array(z.string().max(1024)).max(1000)
const hash = z.string().regex(/^[0-9a-f]{64}$/)

export const listOptions = z.strictObject({
  recursive: z.boolean().optional(),
  include: globs.optional(),
  exclude: globs.optional(),
  hidden: z.boolean().optional(),
  max: z.int().min(1).max(1_000_000).optional(),
  maxDepth: z.int().min(0).optional(),
})
export type ListArguments = z.infer<typeof listOptions>

export const argumentsOf = {
  'fs.stat': z.tuple([path]),
  'fs.list': z.tuple([path, listOptions.optional()]),
  'fs.read': z.tuple([path, z.strictObject({ offset: z.int().min(0).optional(), length: z.int().min(0).optional() }).optional()]),
  'fs.readText': z.tuple([
    path,
    z.strictObject({ encoding: z.string().max(40).optional(), maxBytes: z.int().min(0).optional() }).optional(),
  ]),
  'fs.hash': z.tuple([z.array(path).max(1_000_000)]),
  'fs.sniff': z.tuple([z.array(path).max(1_000_000)]),
  'fs.usage': z.tuple([path]),
  'fs.write': z.tuple([
    path,
    bytes,
    z.strictObject({ replace: z.boolean().optional(), expect: hash.nullable().optional(), mtime: z.number().optional() }).optional(),
  ]),
  'fs.append': z.tuple([path, bytes]),
  'fs.writeBlob': z.tuple([path, hash, z.strictObject({ replace: z.boolean().optional() }).optional()]),
  'fs.makeFolder': z.tuple([path]),
  'fs.move': z.tuple([path, path]),
  'fs.copy': z.tuple([path, path]),
  'fs.remove': z.tuple([path]),
  'blobs.put': z.tuple([bytes]),
  'blobs.get': z.tuple([hash]),
  'random.bytes': z.tuple([z.int().min(0).max(65_536)]),
} as const

type Schemas = typeof argumentsOf
export type ServiceName = keyof Schemas

/** Parses a call's arguments; missing optional ones may be left off or be undefined. Error: `arguments-invalid`. */
export function parseArguments<Name extends ServiceName>(service: Name, args: readonly unknown[]): z.infer<Schemas[Name]> {
  const schema: z.ZodType = argumentsOf[service]
  const length = argumentsOf[service].def.items.length
  const padded = Array.from({ length }, (_, at) => args[at] ?? undefined)
  const parsed = schema.safeParse(args.length > length ? args : padded)
  if (!parsed.success) throw fault('arguments-invalid', `${service} was called wrongly: ${z.prettifyError(parsed.error)}`)
  return parsed.data as z.infer<Schemas[Name]> // the schema of this very name
}

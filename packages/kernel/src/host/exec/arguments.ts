import { z } from 'zod'
import { fault } from '../paths/faults.ts'

/** Linux: one argument or environment value, `MAX_ARG_STRLEN`. */
const STRING = 131_071
const MIB = 1024 * 1024
const noNul = (text: string): boolean => !text.includes('\0')
const word = z.string().max(STRING).refine(noNul, 'must not hold NUL')
const path = z.string().max(16_384)
const hash = z.string().regex(/^[0-9a-f]{64}$/)
const program = z
  .string()
  .regex(
    /^(?:[A-Za-z0-9_][A-Za-z0-9._+-]{0,99}|\/usr(?:\/[A-Za-z0-9_][A-Za-z0-9._+-]*)+)$/,
    'must be a name or an absolute path below /usr',
  )
const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/
const hostAndPort = z
  .string()
  .regex(HOST)
  .refine((place) => /:\d{1,5}$/.test(place) && Number(place.split(':').at(-1)) <= 65_535, 'must be host:port')
  .transform((place) => place.toLowerCase())
const name = z.string().min(1).max(200)

const fields = {
  program,
  args: z.array(word).max(4096).optional(),
  script: z.string().max(MIB).refine(noNul, 'must not hold NUL').optional(),
  stdin: z.union([z.string().max(16 * MIB), z.instanceof(Uint8Array)]).optional(),
  cwd: path.optional(),
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/), word).optional(),
  mounts: z
    .array(z.strictObject({ path, access: z.enum(['read', 'write']) }))
    .max(64)
    .optional(),
  network: z.array(hostAndPort).max(64).optional(),
  auth: z
    .array(
      z.strictObject({
        host: z
          .string()
          .regex(HOST)
          .transform((place) => place.toLowerCase()),
        secret: name,
        as: z.enum(['bearer', 'basic', 'header', 'query']).optional(),
        name: z
          .string()
          .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/)
          .optional(),
      }),
    )
    .max(16)
    .optional(),
  limits: z
    .strictObject({
      time: z.int().min(1).max(3_600_000).optional(),
      memory: z.int().min(16).max(65_536).optional(),
      pids: z.int().min(1).max(1024).optional(),
      output: z
        .int()
        .min(0)
        .max(16 * MIB)
        .optional(),
    })
    .optional(),
  shows: z.strictObject({ program, args: z.array(word).max(4096) }).optional(),
}
const runCommand = z.strictObject(fields)
const { shows: _shows, network: _network, auth: _auth, ...offline } = fields
const viewCommand = z.strictObject({
  ...offline,
  folder: path,
  maxBytes: z
    .int()
    .min(0)
    .max(4096 * MIB)
    .optional(),
})
const computeCommand = z.strictObject({
  ...offline,
  files: z
    .array(
      z.strictObject({
        name: z
          .string()
          .regex(/^(?!\.{1,2}(?:\/|$))[^/\0]{1,200}(?:\/(?!\.{1,2}(?:\/|$))[^/\0]{1,200}){0,8}$/, 'must be a relative file name'),
        blob: hash,
      }),
    )
    .max(100)
    .optional(),
})

export type RunCommand = z.infer<typeof runCommand>
export type ViewCommand = z.infer<typeof viewCommand>
export type ComputeCommand = z.infer<typeof computeCommand>

const schemas = { 'exec.run': runCommand, 'exec.view': viewCommand, 'exec.compute': computeCommand } as const
type Schemas = typeof schemas

/** Parses the one argument of an `exec.*` call. Error: `arguments-invalid`. */
export function parseCommand<Name extends keyof Schemas>(service: Name, args: readonly unknown[]): z.infer<Schemas[Name]> {
  const schema: z.ZodType = schemas[service]
  const parsed = schema.safeParse(args[0])
  if (!parsed.success || args.length > 1)
    throw fault(
      'arguments-invalid',
      `${service} was called wrongly: ${parsed.error ? z.prettifyError(parsed.error) : 'it takes one command'}`,
    )
  const command = parsed.data as z.infer<Schemas[Name]> // the schema of this very name
  if (command.script !== undefined && command.stdin !== undefined)
    throw fault(
      'arguments-invalid',
      `${service}: a script goes to the program's standard input, so there can be no other; leave one of them out.`,
    )
  return command
}

import { z } from 'zod'
import { fault } from '../paths/faults.ts'

const text = z.string().max(1000)
const url = z.string().max(16_384)
const handle = z.string().max(2000)
const blob = z.string().regex(/^[0-9a-f]{64}$/)
const secret = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/)

const target = z
  .strictObject({
    ref: z
      .string()
      .regex(/^[a-z0-9]{1,20}$/i)
      .optional(),
    role: z
      .string()
      .regex(/^[a-z]{1,30}$/)
      .optional(),
    name: text.optional(),
    label: text.optional(),
    text: text.optional(),
    css: text.optional(),
  })
  .refine((given) => Object.values(given).some((value) => value !== undefined), 'name the element: ref, role and name, label, text or css')

const field = z
  .strictObject({
    target,
    value: z.string().max(100_000).optional(),
    secret: secret.optional(),
    checked: z.boolean().optional(),
    option: text.optional(),
    files: z
      .array(
        z.strictObject({
          blob,
          name: z
            .string()
            .min(1)
            .max(255)
            .regex(/^[^/\\\0]+$/),
        }),
      )
      .max(20)
      .optional(),
  })
  .refine(
    ({ value, secret: name, checked, option, files }) =>
      [value, name, checked, option, files].filter((given) => given !== undefined).length === 1,
    'a field gets one of value, secret, checked, option and files',
  )

/** What a plugin sends comes from its process and is not to be trusted. */
export const ARGUMENTS = {
  open: z.tuple([url, z.strictObject({ session: secret.optional(), timeout: z.int().min(1000).max(120_000).optional() }).optional()]),
  snapshot: z.tuple([handle, z.strictObject({ maxChars: z.int().min(100).max(1_000_000).optional() }).optional()]),
  screenshot: z.tuple([handle, z.strictObject({ full: z.boolean().optional(), target: target.optional() }).optional()]),
  pdf: z.tuple([handle]),
  extract: z.tuple([
    handle,
    z.strictObject({
      each: text.optional(),
      fields: z
        .record(z.string().min(1).max(100), z.strictObject({ css: text, attribute: z.string().max(100).optional() }))
        .refine((fields) => Object.keys(fields).length <= 100, 'at most 100 fields'),
    }),
  ]),
  fill: z.tuple([handle, z.array(field).max(200)]),
  act: z.tuple([
    handle,
    z
      .strictObject({
        kind: z.enum(['click', 'press']),
        target: target.optional(),
        key: z.string().min(1).max(40).optional(),
        expect: z.enum(['navigation', 'download', 'nothing']).optional(),
        accept: z.boolean().optional(),
      })
      .refine(({ kind, target: on }) => kind === 'press' || on !== undefined, 'a click needs a target'),
  ]),
  close: z.tuple([handle]),
  saveSession: z.tuple([handle, secret]),
} as const

type Schemas = typeof ARGUMENTS
export type ArgumentsOf<Name extends keyof Schemas> = z.output<Schemas[Name]>

/** Error: `arguments-invalid`. */
export function parse<Name extends keyof Schemas>(name: Name, args: readonly unknown[]): ArgumentsOf<Name> {
  const schema = ARGUMENTS[name]
  const padded = args.length < schema.def.items.length ? [...args, ...Array.from({ length: schema.def.items.length - args.length })] : args
  const parsed = schema.safeParse(padded.map((value) => value ?? undefined))
  if (parsed.success) return parsed.data as ArgumentsOf<Name> // the schema of this very name
  throw fault('arguments-invalid', `browser.${name} was called wrongly: ${z.prettifyError(parsed.error)}`)
}

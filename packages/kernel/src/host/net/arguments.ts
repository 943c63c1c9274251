import { z } from 'zod'

const headers = z.record(z.string().max(200), z.string().max(16_384))
const timeout = z.int().min(1).max(86_400_000)

/** See the SDK's `SecretUse`. */
export const secretUse = z.strictObject({
  secret: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/),
  as: z.enum(['bearer', 'basic', 'header', 'query', 'form']).optional(),
  name: z.string().max(200).optional(),
})

export const fetchOptions = z.strictObject({
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).optional(),
  auth: secretUse.optional(),
  headers: headers.optional(),
  body: z.union([z.string(), z.instanceof(Uint8Array)]).optional(),
  maxBytes: z
    .int()
    .min(0)
    .max(256 * 1024 * 1024)
    .optional(),
  timeout: timeout.optional(),
  maxRedirects: z.int().min(0).max(50).optional(),
})
export const downloadOptions = z.strictObject({
  auth: secretUse.optional(),
  headers: headers.optional(),
  maxBytes: z.int().min(0).optional(),
  timeout: timeout.optional(),
  sha256: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/)
    .optional(),
})

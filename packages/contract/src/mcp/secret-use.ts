import { z } from 'zod'

/** How the host adds a secret to requests, as data. */
export const SecretUseShape = z.strictObject({
  secret: z.string(),
  as: z.enum(['bearer', 'basic', 'header', 'query']).default('bearer'),
  name: z.string().optional(),
})
export type SecretUseShape = z.infer<typeof SecretUseShape>

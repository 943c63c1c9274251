import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { SecretKind } from '@life-os/contract'
import type { Key } from './key-ring.ts'

/** What is sealed: the value a person gave and, of OAuth2, what is needed to refresh it and what the last refresh brought. */
const Sealed = z.object({
  value: z.string(),
  oauth: z
    .object({ tokenUrl: z.string(), clientId: z.string(), clientSecret: z.string().optional(), scope: z.string().optional() })
    .optional(),
  access: z.object({ token: z.string(), refreshAt: z.number().nullable(), expiresAt: z.number().nullable() }).optional(),
})
export type SealedMaterial = z.infer<typeof Sealed>

/** What stands beside the sealed text in the clear and must not be changed apart from it: who may be sent what. */
export interface Bound {
  name: string
  kind: SecretKind
  hosts: readonly string[]
  user: string | null
}

const [NONCE, TAG] = [12, 16] // bytes: NIST SP 800-38D, sections 5.2.1.1 and 5.2.1.2

/** AES-256-GCM under a fresh random nonce; answers base64 of nonce, tag and ciphertext. */
export function seal(key: Key, bound: Bound, material: SealedMaterial): string {
  const nonce = randomBytes(NONCE)
  const cipher = createCipheriv('aes-256-gcm', key.bytes, nonce).setAAD(additional(bound))
  const sealed = Buffer.concat([cipher.update(JSON.stringify(material)), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64')
}

/** Undefined when it was sealed under another key, for another name, kind, host or user, or was changed since. */
export function unseal(key: Key, bound: Bound, sealed: string): SealedMaterial | undefined {
  const bytes = Buffer.from(sealed, 'base64')
  if (bytes.length < NONCE + TAG) return undefined
  const cipher = createDecipheriv('aes-256-gcm', key.bytes, bytes.subarray(0, NONCE), { authTagLength: TAG })
  cipher.setAAD(additional(bound)).setAuthTag(bytes.subarray(NONCE, NONCE + TAG))
  try {
    const text = Buffer.concat([cipher.update(bytes.subarray(NONCE + TAG)), cipher.final()])
    return Sealed.parse(JSON.parse(text.toString()))
  } catch {
    return undefined
  }
}

const additional = ({ name, kind, hosts, user }: Bound): Buffer =>
  Buffer.from(JSON.stringify(['life-os secret', 1, name, kind, hosts, user]))

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 random bits as URL-safe text. With that much entropy one SHA-256 is enough to store it by. */
export const newSecret = (prefix = ''): string => prefix + randomBytes(32).toString('base64url')
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** Compares without telling by time how much agrees. */
export function sameSecret(left: string, right: string): boolean {
  return timingSafeEqual(Buffer.from(hashOf(left), 'hex'), Buffer.from(hashOf(right), 'hex'))
}

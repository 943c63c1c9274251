import { createHash } from 'node:crypto'

/** One name a data folder: cookies know no ports, and two Life-OS on one machine must not sign each other out. */
export const cookieName = (home: string): string => `lifeos_${createHash('sha256').update(home).digest('hex').slice(0, 8)}`

const ATTRIBUTES = 'Path=/; HttpOnly; SameSite=Lax'

export function sessionCookie(home: string, secret: string, milliseconds: number): string {
  return `${cookieName(home)}=${secret}; ${ATTRIBUTES}; Max-Age=${Math.max(0, Math.floor(milliseconds / 1000))}`
}
export const clearedCookie = (home: string): string => `${cookieName(home)}=; ${ATTRIBUTES}; Max-Age=0`

/** The session's secret in a `Cookie` header. */
export function sessionIn(header: string | null | undefined, home: string): string | undefined {
  const name = cookieName(home)
  for (const pair of (header ?? '').split(';')) {
    const [key, value] = pair.trim().split('=', 2)
    if (key === name && value) return value
  }
  return undefined
}

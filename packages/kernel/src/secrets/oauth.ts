import { z } from 'zod'
import { refreshFailed } from './faults.ts'
import type { SealedMaterial } from './seal.ts'

/** One request over connections that are resolved once and pinned. Redirects are answers, not followed. */
export type SendRequest = (
  url: string,
  request: { method: 'POST'; headers: Record<string, string>; body: string; maxBytes: number },
  signal: AbortSignal,
) => Promise<{ status: number; body: Uint8Array }>

export interface Refreshed {
  token: string
  /** Milliseconds from now; null when the server does not say. */
  lifetime: number | null
  /** A new refresh token, which the old one may end with. */
  refresh: string | undefined
}

/** RFC 6749, section 5.1; `expires_in` also where a server writes it as text. */
const TokenAnswer = z.object({
  access_token: z.string().min(1),
  token_type: z.string().optional(),
  expires_in: z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]).optional(),
  refresh_token: z.string().min(1).optional(),
})
/** Section 5.2. */
const ErrorAnswer = z.object({ error: z.string().max(100), error_description: z.string().optional() })
const LARGEST = 256 * 1024 // bytes
const SHORTEST_TOKEN = 6

/** Asks for an access token with a refresh token: RFC 6749, section 6. Error: `secret-refresh-failed`. */
export async function refresh(name: string, material: SealedMaterial, send: SendRequest, signal: AbortSignal): Promise<Refreshed> {
  const { oauth } = material
  if (!oauth) throw refreshFailed(name, 'it has no address to refresh it at', { mendable: true })
  const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: material.value })
  if (oauth.scope) form.set('scope', oauth.scope)
  if (oauth.clientSecret === undefined) form.set('client_id', oauth.clientId)
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
    ...(oauth.clientSecret !== undefined && { authorization: clientBasic(oauth.clientId, oauth.clientSecret) }),
  }
  const answer = await send(oauth.tokenUrl, { method: 'POST', headers, body: form.toString(), maxBytes: LARGEST }, signal).catch(
    (cause: unknown) => {
      const why = signal.aborted ? 'the service did not answer in time' : cause instanceof Error ? cause.message : String(cause)
      throw refreshFailed(name, why, { mendable: false, cause })
    },
  )
  const body = parsed(answer.body)
  if (answer.status !== 200) throw refused(name, answer.status, body)
  const token = TokenAnswer.safeParse(body)
  if (!token.success) throw refreshFailed(name, 'the service answered with something else than a token', { mendable: false })
  if (token.data.access_token.length < SHORTEST_TOKEN)
    throw refreshFailed(name, 'the service answered with a token too short to be kept secret', { mendable: false })
  const { expires_in: seconds, refresh_token: next } = token.data
  return { token: token.data.access_token, lifetime: seconds === undefined ? null : seconds * 1000, refresh: next }
}

/** Section 2.3.1: name and password are form-encoded first. */
function clientBasic(id: string, secret: string): string {
  const encoded = (text: string): string => new URLSearchParams({ v: text }).toString().slice(2)
  return `Basic ${Buffer.from(`${encoded(id)}:${encoded(secret)}`).toString('base64')}`
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'))
  } catch {
    return null
  }
}

/** What a new sign-in mends, in the words of section 5.2. The server's own description stays out: nobody knows what it holds. */
const MENDABLE = new Set([
  'invalid_grant',
  'invalid_client',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'invalid_request',
])

function refused(name: string, status: number, body: unknown): Error {
  const said = ErrorAnswer.safeParse(body)
  const code = said.success && /^[\w-]+$/.test(said.data.error) ? said.data.error : undefined
  return refreshFailed(name, code ?? `the service answered with status ${status}`, { mendable: code !== undefined && MENDABLE.has(code) })
}

import type { Readable } from 'node:stream'
import { LifeOsError } from '@life-os/contract'
import type { Redactor } from '../../secrets/types.ts'
import type { CallScope } from '../types.ts'
import { errnoOf, fault } from '../paths/faults.ts'
import { checkAnswered } from '../paths/unread.ts'
import { admitUrl, hostOf, parseUrl, portOf } from './address.ts'
import type { Lookup, Target } from './address.ts'
import { checkEncrypted, placeOfUrl, redactorOf } from './credential.ts'
import type { Credential, HostSecrets } from './credential.ts'
import type { Sent } from './headers.ts'

export interface Answer {
  url: string
  status: number
  headers: Record<string, string>
  body: Readable
  /** Knows what the places on the way may have been told, and say again in the body; address and headers are clean. */
  redactor: Redactor
  [Symbol.asyncDispose](): Promise<void>
}
export interface NetContext {
  scope: CallScope
  lookup: Lookup
  signal: AbortSignal
  secrets: HostSecrets
  /** Put into requests to its own origin, until a redirect leaves it. */
  credential?: Credential | undefined
  /** Milliseconds that a body may be silent; default 60,000. */
  idle?: number
  /** False: a redirect is an answer like any other. */
  follow?: false
}

/** Never carried to another origin. */
const PRIVATE_HEADERS = new Set(['authorization', 'cookie', 'cookie2'])
const SAFE = new Set(['GET', 'HEAD'])
const CONNECT_TIMEOUT = 15_000

/**
 * Follows redirects by hand: every hop is checked and pinned like the first. A credential is dropped for good where a hop
 * leaves its origin. Errors: `too-many-redirects`, `secret-redirected` and those of one hop.
 */
export async function request(context: NetContext, text: string, sent: Sent, maxRedirects: number): Promise<Answer> {
  const way = { answered: false }
  try {
    return await follow(context, text, sent, maxRedirects, way)
  } catch (error) {
    throw way.answered && !SAFE.has(sent.method) ? afterAnswer(error) : error
  }
}

/** A request that changes something was answered with a redirect: whatever stops the rest, it was made. */
function afterAnswer(error: unknown): unknown {
  if (!(error instanceof LifeOsError)) return error
  const { code, message, details } = error
  return new LifeOsError(code, message, { class: error.class, applied: 'unknown', cause: error, ...(details && { details }) })
}

async function follow(context: NetContext, text: string, sent: Sent, maxRedirects: number, way: { answered: boolean }): Promise<Answer> {
  let url = parseUrl(text)
  let current = sent
  let { credential } = context
  const places: string[] = []
  for (let hops = 0; ; hops += 1) {
    places.push(placeOfUrl(url))
    const redactor = redactorOf(context.secrets, places)
    checkAnswered(context.scope, { kind: 'net', resource: `${hostOf(url)}:${portOf(url)}` })
    const target = await admitUrl(context.scope, url, context.lookup)
    context.scope.seen?.add('untrusted', url.origin) // before the answer: errors carry words of the other side too
    if (credential && url.origin !== credential.origin) credential = undefined
    const answer = await requestOnce(context, target, current, credential)
    way.answered = true
    const next = context.follow === false ? null : redirectOf(answer, url, current)
    if (next === null) return { ...answer, redactor, url: redactor.text(answer.url), headers: redactor.value(answer.headers) }
    await answer[Symbol.asyncDispose]()
    if (hops >= maxRedirects)
      throw fault('too-many-redirects', `${text} redirects more than ${maxRedirects} times; open it in a browser to see where it leads.`, {
        class: 'operational',
      })
    if (next.origin !== url.origin && redactor.text(next.href) !== next.href) throw redirectedSecret(text, next)
    current = carriedOn(current, url, next, answer.status)
    url = next
  }
}

const redirectedSecret = (text: string, next: URL) =>
  fault('secret-redirected', `${text} leads to ${next.origin} with a secret in the address. It was not followed.`, {
    class: 'operational',
    applied: 'unknown',
  })

/** Where an answer leads. A body is not sent on to another place (307 and 308 after anything but GET and HEAD): the tool sees that answer. */
function redirectOf(answer: Pick<Answer, 'status' | 'headers'>, from: URL, sent: Sent): URL | null {
  const location = answer.headers.location
  if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) return null
  if ((answer.status === 307 || answer.status === 308) && !SAFE.has(sent.method)) return null
  return parseUrl(location, from)
}

function carriedOn(sent: Sent, from: URL, to: URL, status: number): Sent {
  const method = sent.method === 'HEAD' || (SAFE.has(sent.method) && status !== 303) ? sent.method : 'GET'
  const kept = Object.entries(sent.headers).filter(
    ([name]) => (from.origin === to.origin || !PRIVATE_HEADERS.has(name)) && (method === sent.method || !name.startsWith('content-')),
  )
  return { method, headers: Object.fromEntries(kept), body: method === sent.method ? sent.body : undefined }
}

/** One request to the very address that was checked. The answer must be disposed of. */
async function requestOnce(
  context: NetContext,
  target: Target,
  plain: Sent,
  credential: Credential | undefined,
): Promise<Omit<Answer, 'redactor'>> {
  if (credential) checkEncrypted(target)
  const { url, sent } = credential?.dress(target.url, plain) ?? { url: target.url, sent: plain }
  const { Agent, buildConnector, request: send } = await import('undici')
  const connect = buildConnector({ timeout: CONNECT_TIMEOUT, allowH2: false })
  const secured = target.url.protocol === 'https:' && !isLiteral(target.host)
  const pinned = { hostname: target.address.address, servername: secured ? target.host : undefined }
  const agent = new Agent({
    connect: (options, done) => connect({ ...options, ...pinned }, done),
    allowH2: false,
    headersTimeout: 60_000,
    bodyTimeout: context.idle ?? 60_000,
    maxHeaderSize: 64 * 1024,
  })
  try {
    const answer = await send(url, {
      method: sent.method as 'GET',
      headers: sent.headers,
      body: sent.body ?? null,
      dispatcher: agent,
      signal: context.signal,
    }) // the schema admits methods undici knows
    const dispose = async (): Promise<void> => {
      answer.body.on('error', () => {}) // cut off on purpose
      answer.body.destroy()
      await agent.destroy()
    }
    return {
      url: target.url.href,
      status: answer.statusCode,
      headers: flat(answer.headers),
      body: answer.body,
      [Symbol.asyncDispose]: dispose,
    }
  } catch (error) {
    await agent.destroy()
    throw requestFault(error, `${target.host}:${target.port}`, context.signal)
  }
}

const isLiteral = (host: string): boolean => host.startsWith('[') || /^[\d.]+$/.test(host)

const flat = (headers: Record<string, string | string[] | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  )

/** Failures before the request could have left: nothing happened out there. */
const BEFORE_SENDING = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_INVALID_ARG',
])
const TLS = /^(CERT_|ERR_TLS_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO|ERR_SSL_|HOSTNAME_MISMATCH)/

export function requestFault(error: unknown, place: string, signal: AbortSignal): Error {
  if (error instanceof LifeOsError) return error
  if (signal.aborted)
    return signal.reason instanceof Error ? signal.reason : new LifeOsError('call-revoked', 'The call was stopped.', { applied: 'unknown' })
  const errno = errnoOf(error) ?? 'unknown'
  if (TLS.test(errno))
    return fault('tls-invalid', `${place} does not prove who it is (${errno}); check the address, or the clock of this machine.`, {
      class: 'operational',
      cause: error,
    })
  const reason = error instanceof Error ? error.message : String(error)
  if (BEFORE_SENDING.has(errno))
    return fault('connection-failed', `${place} cannot be reached (${reason}); check the address and the network.`, {
      class: 'operational',
      cause: error,
    })
  return fault('connection-lost', `The connection to ${place} broke (${reason}); try again.`, {
    class: 'operational',
    applied: 'unknown',
    cause: error,
  })
}

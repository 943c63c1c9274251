import { LifeOsError } from '@life-os/contract'
import type { Change } from '@life-os/contract'
import type { FetchAnswer } from '@life-os/plugin-sdk'
import type { z } from 'zod'
import { requestChange } from '../fs/changes.ts'
import { fault } from '../paths/faults.ts'
import { secretMissing } from '../../secrets/index.ts'
import { checkEffect } from '../paths/scope.ts'
import { RECORDING_ENDED } from '../types.ts'
import type { CallScope, EffectSink, Recording } from '../types.ts'
import { admitUrl, parseUrl } from './address.ts'
import type { Lookup, Target } from './address.ts'
import type { fetchOptions } from './arguments.ts'
import { checkEncrypted, checkSecretUse, isReady, obtain, shownWith } from './credential.ts'
import type { HostSecrets, Obtained, Use } from './credential.ts'
import { authorised } from './authorised.ts'
import { collect, decoded } from './decode.ts'
import { headersFor } from './headers.ts'
import type { Sent } from './headers.ts'
import { request, requestFault } from './request.ts'
import type { NetContext } from './request.ts'

export const ENCODINGS = 'gzip, deflate, br, zstd'
const MAX_BYTES = 16 * 1024 * 1024
const TIMEOUT = 30_000
const MAX_REDIRECTS = 10
/** Of a request's body a person is shown this much. */
const BODY_SHOWN = 4096

export interface FetchContext {
  scope: CallScope
  lookup: Lookup
  secrets: HostSecrets
  /** Real effects go to the sink, a preview's into the recording. */ outgoing: { sink: EffectSink } | { recording: Recording }
}
type Options = z.infer<typeof fetchOptions>

/** GET and HEAD are reads, in a preview too; every other method is an effect. */
export async function fetchUrl(context: FetchContext, url: string, options: Options, signal: AbortSignal): Promise<FetchAnswer> {
  const method = options.method ?? 'GET'
  const body = typeof options.body === 'string' ? Buffer.from(options.body) : options.body
  const sent: Sent = { method, headers: headersFor(options.headers ?? {}, ENCODINGS), body }
  if (method === 'GET' || method === 'HEAD') {
    if (body) throw fault('arguments-invalid', `A ${method} request carries no body; use POST.`)
    return exchange(context, url, sent, options, signal)
  }
  return send(context, url, sent, options, signal)
}

async function send(context: FetchContext, url: string, sent: Sent, options: Options, signal: AbortSignal): Promise<FetchAnswer> {
  checkEffect(context.scope, 'external', `net.fetch with ${sent.method}`)
  const parsed = parseUrl(url)
  const target = await admitUrl(context.scope, parsed, context.lookup)
  const change = changeOf(context.scope, parsed, sent, options.auth)
  if ('recording' in context.outgoing) {
    if (options.auth) await foresee(context, context.outgoing.recording, options.auth, target)
    context.outgoing.recording.changes.push(change)
    throw fault(RECORDING_ENDED, 'What the other side will answer is known only after sending.')
  }
  const { sink } = context.outgoing
  const obtained = options.auth && (await obtain(context, options.auth, parsed, signal)) // a secret that is missing is asked for before anything begins
  signal.throwIfAborted()
  const effect = await sink.begin(change, {})
  try {
    const answer = await exchange(context, url, sent, options, signal, obtained)
    await sink.finish(effect, {}, undefined, answer)
    return answer
  } catch (error) {
    if (error instanceof LifeOsError && error.applied === 'no' && NOT_SENT.has(error.code)) await sink.abandon(effect)
    throw error instanceof LifeOsError && error.applied === 'no' && !NOT_SENT.has(error.code) ? afterSending(error) : error
  }
}

/** What a preview can tell of a secret without opening it. */
async function foresee(context: FetchContext, recording: Recording, use: Use, target: Target): Promise<void> {
  checkSecretUse(context.scope, 'secret.use', use.secret)
  checkEncrypted(target)
  if (await isReady(context.secrets, use, target.url)) return
  const { code, message } = secretMissing(use.secret)
  recording.warnings.push({ code, message })
}

/** Failures that surely came before a byte of the request left. */
const NOT_SENT = new Set([
  'connection-failed',
  'tls-invalid',
  'address-not-allowed',
  'address-private',
  'address-unresolved',
  'url-invalid',
  'secret-unusable',
  'secret-refresh-failed', // after an answer of 401, which refused the request
])
const afterSending = (error: LifeOsError) =>
  new LifeOsError(error.code, error.message, { class: error.class, applied: 'unknown', cause: error })

function changeOf(scope: CallScope, url: URL, sent: Sent, use: Use | undefined): Change {
  const text = sent.body && new TextDecoder().decode(sent.body.subarray(0, BODY_SHOWN))
  const cut = text === undefined ? undefined : (sent.body?.length ?? 0) > BODY_SHOWN ? `${text}…` : text
  const shown = use ? shownWith(use, url.href, cut) : { url: url.href, body: cut }
  const reversal = scope.reversal === 'compensate' ? 'compensate' : 'none'
  return requestChange(sent.method, shown.url, shown.body, reversal, sent.body?.length ?? 0, use?.secret)
}

async function exchange(
  context: FetchContext,
  url: string,
  sent: Sent,
  options: Options,
  caller: AbortSignal,
  given?: Obtained,
): Promise<FetchAnswer> {
  const timeout = options.timeout ?? TIMEOUT
  const clock = AbortSignal.timeout(timeout)
  const signal = AbortSignal.any([caller, clock])
  try {
    const answer = await authorised(context, url, options.auth, signal, given, (credential) => {
      const net: NetContext = { scope: context.scope, lookup: context.lookup, secrets: context.secrets, credential, signal }
      return request(net, url, sent, options.maxRedirects ?? MAX_REDIRECTS)
    })
    try {
      const stream = sent.method === 'HEAD' ? answer.body : decoded(answer.body, answer.headers['content-encoding'])
      const collected = await collect(stream, options.maxBytes ?? MAX_BYTES, answer.url)
      const body = answer.redactor.bytes(collected)
      const { 'content-encoding': encoding, ...headers } = answer.headers
      return {
        url: answer.url,
        status: answer.status,
        headers: encoding === undefined && body === collected ? headers : without(headers, 'content-length'),
        body: new Uint8Array(body),
      }
    } finally {
      await answer[Symbol.asyncDispose]()
    }
  } catch (error) {
    if (caller.aborted) throw caller.reason
    if (clock.aborted)
      throw fault('request-timeout', `${url} did not answer within ${timeout} ms; try again later or allow more time.`, {
        class: 'operational',
        applied: sent.method === 'GET' || sent.method === 'HEAD' ? 'no' : 'unknown',
        cause: error,
      })
    throw requestFault(error, url, signal)
  }
}

const without = (headers: Record<string, string>, name: string): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name))

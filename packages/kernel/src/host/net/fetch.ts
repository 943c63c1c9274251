import { LifeOsError } from '@life-os/contract'
import type { Change } from '@life-os/contract'
import type { FetchAnswer } from '@life-os/plugin-sdk'
import type { z } from 'zod'
import { requestChange } from '../fs/changes.ts'
import { fault } from '../paths/faults.ts'
import { checkEffect } from '../paths/scope.ts'
import { RECORDING_ENDED } from '../types.ts'
import type { CallScope, EffectSink, Recording } from '../types.ts'
import { admitUrl, parseUrl } from './address.ts'
import type { Lookup } from './address.ts'
import type { fetchOptions } from './arguments.ts'
import { collect, decoded } from './decode.ts'
import { headersFor, request, requestFault } from './request.ts'
import type { NetContext, Sent } from './request.ts'

export const ENCODINGS = 'gzip, deflate, br, zstd'
const MAX_BYTES = 16 * 1024 * 1024
const TIMEOUT = 30_000
const MAX_REDIRECTS = 10
/** Of a request's body a person is shown this much. */
const BODY_SHOWN = 4096

export interface FetchContext {
  scope: CallScope
  lookup: Lookup
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
  await admitUrl(context.scope, parsed, context.lookup)
  const change = changeOf(context.scope, parsed, sent)
  if ('recording' in context.outgoing) {
    context.outgoing.recording.changes.push(change)
    throw fault(RECORDING_ENDED, 'What the other side will answer is known only after sending.')
  }
  const { sink } = context.outgoing
  signal.throwIfAborted()
  const effect = await sink.begin(change, {})
  try {
    const answer = await exchange(context, url, sent, options, signal)
    await sink.finish(effect, {})
    return answer
  } catch (error) {
    if (error instanceof LifeOsError && error.applied === 'no' && NOT_SENT.has(error.code)) await sink.abandon(effect)
    throw error instanceof LifeOsError && error.applied === 'no' && !NOT_SENT.has(error.code) ? afterSending(error) : error
  }
}

/** Failures that surely came before a byte of the request left. */
const NOT_SENT = new Set([
  'connection-failed',
  'tls-invalid',
  'address-not-allowed',
  'address-private',
  'address-unresolved',
  'url-invalid',
])
const afterSending = (error: LifeOsError) =>
  new LifeOsError(error.code, error.message, { class: error.class, applied: 'unknown', cause: error })

function changeOf(scope: CallScope, url: URL, sent: Sent): Change {
  const text = sent.body && new TextDecoder().decode(sent.body.subarray(0, BODY_SHOWN))
  const shown = text === undefined ? undefined : (sent.body?.length ?? 0) > BODY_SHOWN ? `${text}…` : text
  return requestChange(sent.method, url.href, shown, scope.reversal === 'compensate' ? 'compensate' : 'none', sent.body?.length ?? 0)
}

async function exchange(context: FetchContext, url: string, sent: Sent, options: Options, caller: AbortSignal): Promise<FetchAnswer> {
  const timeout = options.timeout ?? TIMEOUT
  const clock = AbortSignal.timeout(timeout)
  const signal = AbortSignal.any([caller, clock])
  const net: NetContext = { scope: context.scope, lookup: context.lookup, signal }
  try {
    const answer = await request(net, url, sent, options.maxRedirects ?? MAX_REDIRECTS)
    try {
      const stream = sent.method === 'HEAD' ? answer.body : decoded(answer.body, answer.headers['content-encoding'])
      const body = await collect(stream, options.maxBytes ?? MAX_BYTES, answer.url)
      const { 'content-encoding': encoding, ...headers } = answer.headers
      return {
        url: answer.url,
        status: answer.status,
        headers: encoding === undefined ? headers : without(headers, 'content-length'),
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

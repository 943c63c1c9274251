import http from 'node:http'
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import https from 'node:https'
import { isIP } from 'node:net'
import { Transform, pipeline } from 'node:stream'
import type { Redactor } from '../../secrets/types.ts'
import type { Target } from '../net/address.ts'

/** RFC 9110, section 7.6.1, and what only a proxy reads. */
const HOP_HEADERS = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

export interface Upstream {
  target: Target
  secured: boolean
  path: string
  /** Replace whatever the box sent under the same name. */
  headers: Record<string, string>
  /** Milliseconds without a byte. */
  idle: number
  /** Takes a secret out again where the other side repeats it. */
  redactor?: Redactor
}

/** Passes one request on to the address that was checked, and the answer back. Bytes are counted by the sockets' owner. */
export function forward(
  request: IncomingMessage,
  response: ServerResponse,
  upstream: Upstream,
  failed: (error: Error) => void,
): ClientRequest {
  const { target, secured } = upstream
  const literal = isIP(target.host.replace(/^\[|\]$/g, '')) !== 0
  const outgoing = (secured ? https : http).request({
    host: target.address.address,
    port: Number(target.port),
    method: request.method,
    path: upstream.path,
    headers: { ...passedOn(request.headers), ...upstream.headers, ...bodyOf(request), host: hostHeader(target, secured) },
    setHost: false,
    agent: false,
    maxHeaderSize: 64 * 1024,
    ...(secured && !literal && { servername: target.host }),
  })
  outgoing.setTimeout(upstream.idle, () => outgoing.destroy(new Error('no byte came in time')))
  outgoing.on('response', (answer) => {
    const { redactor } = upstream
    const headers = answerHeaders(answer.headers, upstream)
    if (!redactor?.active) {
      response.writeHead(answer.statusCode ?? 502, headers)
      return void pipeline(answer, response, () => {})
    }
    const { 'content-length': _length, ...rest } = redactor.value(headers)
    response.writeHead(answer.statusCode ?? 502, rest)
    pipeline(answer, redacting(redactor), response, () => {})
  })
  outgoing.on('error', failed)
  response.on('close', () => outgoing.destroy())
  pipeline(request, outgoing, () => {})
  return outgoing
}

function redacting(redactor: Redactor): Transform {
  const stream = redactor.stream()
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => done(null, stream.push(chunk)),
    flush: (done) => done(null, stream.end()),
  })
}

/** A body without a length goes on in chunks, whatever the method: bare, its bytes would be read as another request. */
const bodyOf = ({ headers }: IncomingMessage): Record<string, string> =>
  headers['transfer-encoding'] === undefined ? {} : { 'transfer-encoding': 'chunked' }

function hostHeader(target: Target, secured: boolean): string {
  return target.port === (secured ? '443' : '80') ? target.host : `${target.host}:${target.port}`
}

function passedOn(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const named = new Set((headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase()))
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || HOP_HEADERS.has(name) || named.has(name) ? [] : [[name, value]],
    ),
  )
}

/** What a secured place redirects to within itself is asked for through the host again. */
function answerHeaders(headers: IncomingHttpHeaders, { target, secured }: Upstream): Record<string, string | string[]> {
  const passed = passedOn(headers)
  const origin = `https://${hostHeader(target, true)}`
  const { location } = passed
  if (secured && typeof location === 'string' && (location === origin || location.startsWith(`${origin}/`)))
    passed.location = `http://${location.slice('https://'.length)}`
  return passed
}

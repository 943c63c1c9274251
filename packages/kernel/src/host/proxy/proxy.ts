import fs from 'node:fs'
import http from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import type { Duplex } from 'node:stream'
import type { SecretUse } from '@life-os/plugin-sdk'
import type { Sandbox } from '../../sandbox/types.ts'
import { admitUrl, parseUrl } from '../net/address.ts'
import type { Lookup, Target } from '../net/address.ts'
import { checkEncrypted, createCredential, redactorOf } from '../net/credential.ts'
import type { HostSecrets } from '../net/credential.ts'
import { fault } from '../paths/faults.ts'
import type { CallScope } from '../types.ts'
import { forward } from './forward.ts'
import { notAllowed, sentenceOf, statusOf } from './refusal.ts'
import { tunnel } from './tunnel.ts'

/** An address is at most this long, headers at most 64 KiB, connections at once at most so many. */
const URL_LENGTH = 16_384
const HEADERS = 64 * 1024
const CONNECTIONS = 128
const IDLE = 120_000
/** Bytes of one command, both ways together, looked at once a second. */
const TRAFFIC = 8 * 1024 ** 3

export interface EgressOptions {
  scope: CallScope
  lookup: Lookup
  /** `host:port`, in small letters: where this one command may connect to. */
  places: { includes(place: string): boolean }
  /** Hosts that the box speaks plain HTTP to; `place` is the secured side. */
  auth: readonly (SecretUse & { place: string })[]
  secrets: HostSecrets
  /** Who must be able to connect: the box's uid, where it is another than ours. */
  identity: Sandbox['identity']
  signal: AbortSignal
  /** Bytes it may carry; default 8 GiB. */
  traffic?: number
  /** Told of each connection that was not made. */
  onRefused?(place: string, error: Error): void
}
export interface Egress extends AsyncDisposable {
  readonly socket: string
  /** Ends every open connection. */
  cut(): void
}

/**
 * An HTTP proxy for one command, on a Unix socket in a folder of its own. It opens connections to the places the command
 * was allowed and to nothing else: each name is resolved once and that address is used, private ones only where granted.
 * It keeps no log.
 */
export async function openEgress(options: EgressOptions): Promise<Egress> {
  const folder = privateFolder(options.identity)
  const socket = path.join(folder, 'proxy')
  const open = new Set<{ destroy(): unknown }>()
  const hold = (one: { destroy(): unknown; once(event: 'close', listener: () => void): unknown }): void => {
    open.add(one)
    one.once('close', () => open.delete(one))
  }
  const server = http.createServer({ maxHeaderSize: HEADERS, headersTimeout: 15_000, requestTimeout: 0, keepAliveTimeout: 5000 })
  server.maxConnections = CONNECTIONS
  const meter = createMeter(options.traffic ?? TRAFFIC, () => {
    for (const one of open) one.destroy()
    server.close()
  })
  server.on('connection', (socket) => {
    hold(socket)
    meter.watch(socket)
  })
  server.on('request', (request, response) => void serve(options, request, response, hold))
  server.on('connect', (request, client, head) => void connect(options, request, client, head, hold))
  server.on('clientError', (_error, client) => client.destroy())
  const stop = async (): Promise<void> => {
    meter.stop()
    for (const one of open) one.destroy()
    await new Promise((resolve) => server.close(resolve))
    fs.rmSync(folder, { recursive: true, force: true })
  }
  try {
    await new Promise<void>((resolve, reject) => void server.once('error', reject).listen(socket, resolve))
    if (options.identity) fs.chownSync(socket, options.identity.uid, options.identity.gid)
  } catch (error) {
    await stop()
    throw error
  }
  const cut = (): void => {
    for (const one of open) one.destroy()
  }
  return { socket, cut, [Symbol.asyncDispose]: stop }
}

/** Calls `over` once, when the sockets together have carried more than `most` bytes. */
function createMeter(most: number, over: () => void): { watch(socket: Socket): void; stop(): void } {
  const sockets = new Set<Socket>()
  let gone = 0
  const bytesOf = (socket: Socket): number => socket.bytesRead + socket.bytesWritten
  const timer = setInterval(() => {
    if (gone + [...sockets].reduce((sum, socket) => sum + bytesOf(socket), 0) > most) over()
  }, 1000).unref()
  return {
    watch(socket) {
      sockets.add(socket)
      socket.once('close', () => {
        sockets.delete(socket)
        gone += bytesOf(socket)
      })
    },
    stop: () => clearInterval(timer),
  }
}

/** Below the system's temporary folder: a socket's path has at most 107 bytes. */
function privateFolder(identity: Sandbox['identity']): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'life-os-exit-'))
  fs.chmodSync(folder, 0o700)
  if (identity) fs.chownSync(folder, identity.uid, identity.gid)
  return folder
}

type Hold = (one: { destroy(): unknown; once(event: 'close', listener: () => void): unknown }) => void

async function serve(options: EgressOptions, request: IncomingMessage, response: ServerResponse, hold: Hold): Promise<void> {
  const refuse = (error: unknown): void => {
    if (response.headersSent) return void response.destroy()
    response.writeHead(statusOf(error), { 'content-type': 'text/plain; charset=utf-8', connection: 'close' })
    response.end(`${sentenceOf(error)}\n`)
  }
  try {
    const url = addressOf(request)
    const use = options.auth.find(({ place }) => meets(place, url))
    if (use) url.protocol = 'https:'
    const target = await admit(options, url)
    const dressed = use ? await dress(options, use, target) : { path: url.pathname + url.search, headers: {} }
    if (use) delete request.headers.authorization
    const upstream = { target, secured: use !== undefined, idle: IDLE, ...dressed }
    hold(forward(request, response, upstream, () => refuse(failed(options, target))))
  } catch (error) {
    refuse(error)
  }
}

/** A proxy is asked with whole addresses; anything else is no request to a proxy. */
function addressOf(request: IncomingMessage): URL {
  const text = request.url ?? ''
  if (text.length > URL_LENGTH || !/^http:\/\//i.test(text))
    throw fault('url-invalid', 'a proxy is asked with the whole address, beginning with http://.')
  return parseUrl(text)
}

/** `http://host/` and `http://host:443/` both mean the secured side of port 443; another port must be named. */
function meets(place: string, url: URL): boolean {
  const named = `${url.hostname.toLowerCase()}:${url.port === '' ? '443' : url.port}`
  return named === place
}

async function connect(options: EgressOptions, request: IncomingMessage, client: Duplex, head: Buffer, hold: Hold): Promise<void> {
  const refuse = (error: unknown): void => {
    const body = `${sentenceOf(error)}\n`
    const words = statusOf(error) === 403 ? '403 Forbidden' : '502 Bad Gateway'
    client.end(
      `HTTP/1.1 ${words}\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    )
  }
  client.on('error', () => client.destroy())
  try {
    if (!/^(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):\d{1,5}$/.test(request.url ?? ''))
      throw fault('url-invalid', 'CONNECT names host:port.')
    const target = await admit(options, parseUrl(`https://${request.url}/`))
    hold(tunnel(client, head, target, IDLE, () => refuse(failed(options, target))))
  } catch (error) {
    refuse(error)
  }
}

/** The command's own list first, then the grants of its call, then where the name leads. */
async function admit(options: EgressOptions, url: URL): Promise<Target> {
  const place = `${url.hostname.toLowerCase().replace(/\.$/, '')}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`
  try {
    if (!options.places.includes(place)) throw notAllowed(place)
    return await admitUrl(options.scope, url, options.lookup)
  } catch (error) {
    if (error instanceof Error) options.onRefused?.(place, error)
    throw error
  }
}

/** The secret at the last hop, and what finds it again where the other side repeats it. */
async function dress(options: EgressOptions, use: SecretUse & { place: string }, target: Target) {
  checkEncrypted(target)
  const { run, path: step, tool } = options.scope
  const material = await options.secrets.use(use.secret, use.place, options.signal, { actor: tool, run, step, tool })
  const { url, sent } = createCredential(use, target.url.origin, material).dress(target.url, {
    method: 'GET',
    headers: {},
    body: undefined,
  })
  return {
    path: url.pathname + url.search,
    headers: { ...sent.headers, 'accept-encoding': 'identity' },
    redactor: redactorOf(options.secrets, [use.place]),
  }
}

/** Told to whoever watches, and to who asked. */
function failed(options: EgressOptions, target: Target): Error {
  const error = unreachable(target)
  options.onRefused?.(`${target.host}:${target.port}`, error)
  return error
}

const unreachable = (target: Target) =>
  fault('connection-failed', `${target.host}:${target.port} cannot be reached.`, { class: 'operational' })

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Writable } from 'node:stream'
import { createLogger } from '@life-os/kernel/telemetry'
import { buildPlugins } from '../../../../tools/build/plugins.ts'
import { composeKernel } from '../compose.ts'
import { createApp } from '../http/app.ts'
import type { AppOptions, Peer } from '../http/app.ts'
import { createAllowedHosts } from '../http/hosts.ts'
import type { Kernel } from '../kernel.ts'

const root = fileURLToPath(new URL('../../../..', import.meta.url))
let building: Promise<unknown> | undefined

/** The built plugins, as the server finds them; made once, later calls find them unchanged. */
export async function built(): Promise<string> {
  const out = join(root, 'dist')
  await (building ??= buildPlugins({ root, out }))
  return out
}

export const HOST = '127.0.0.1:7777'

/** One caller: what it sends with every request. */
export interface Caller {
  headers: Record<string, string>
  peer: Peer
}

export interface TestServer extends AsyncDisposable {
  kernel: Kernel
  /** A folder to act on. */
  folder: string
  log: string[]
  ask(path: string, init?: RequestInit, caller?: Caller): Promise<Response>
  /** Signs in by a link; the caller carries the cookie and the CSRF token. */
  signedIn(): Promise<Caller & { csrf: string; cookie: string }>
  token(scopes: ('read' | 'run' | 'approve' | 'admin')[]): Promise<Caller>
  owner: Caller
  stranger: Caller
}

/** The whole server without a port: real store, real plugins, real files, requests in process. */
export async function openServer({ url, ...options }: Partial<AppOptions> & { url?: string } = {}): Promise<TestServer> {
  const base = mkdtempSync(join(tmpdir(), 'lifeos-server-'))
  const log: string[] = []
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      log.push(chunk.toString())
      done()
    },
  })
  const kernel = await composeKernel({
    home: join(base, 'home'),
    ...(url !== undefined && { url }),
    pluginsDir: await built(),
    logger: createLogger({ stream, level: 'debug' }),
    ownerName: 'Ada',
  })
  const ending = new AbortController()
  const app = createApp(kernel, { hosts: createAllowedHosts(() => 7777), signal: ending.signal, ...options })
  const tcp: Peer = { way: 'tcp', address: '127.0.0.1' }
  const stranger: Caller = { headers: {}, peer: tcp }
  const ask: TestServer['ask'] = async (path, init = {}, caller = stranger) => {
    const headers = new Headers({ host: HOST, ...caller.headers, ...(init.headers as Record<string, string> | undefined) }) // tests pass plain records
    if (typeof init.body === 'string' && !headers.has('content-type')) headers.set('content-type', 'application/json')
    return app.fetch(new Request(`http://${HOST}${path}`, { ...init, headers }), { peer: caller.peer })
  }
  return {
    kernel,
    log,
    ask,
    stranger,
    folder: join(base, 'work'),
    owner: { headers: {}, peer: { way: 'socket', address: 'socket' } },
    async signedIn() {
      const { id } = await kernel.auth.owner()
      const response = await ask('/api/v1/sign-in', { method: 'POST', body: JSON.stringify({ link: await kernel.auth.link(id) }) })
      const { csrf } = (await response.json()) as { csrf: string } // the contract's answer
      const cookie = (response.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
      return { csrf, cookie, headers: { cookie, 'x-csrf-token': csrf }, peer: tcp }
    },
    async token(scopes) {
      const { secret } = await kernel.auth.addToken(await kernel.auth.asOwner(), 'test', scopes)
      return { headers: { authorization: `Bearer ${secret}` }, peer: tcp }
    },
    async [Symbol.asyncDispose]() {
      ending.abort()
      await kernel.close()
      rmSync(base, { recursive: true, force: true })
    },
  }
}

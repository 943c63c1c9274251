// What tests of requests share: servers of this machine that keep what they were asked, and a host that may reach them.
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Need, NewSecret } from '@life-os/contract'
import { openSecrets } from '../../secrets/testing.ts'
import type { Secrets } from '../../secrets/index.ts'
import { freshPlace } from '../../store/testing.ts'
import { temporaryFolder } from '../fixtures.ts'
import { createTestHost } from '../testing.ts'
import type { TestHost, TestHostOptions } from '../testing.ts'
import type { Lookup } from './address.ts'

export interface Seen {
  method: string | undefined
  url: string
  headers: http.IncomingHttpHeaders
  body: string
}

export interface Place {
  readonly port: number
  /** Address and port, as needs and secrets name it. */
  readonly place: string
  readonly url: string
  /** What was asked since it was opened, with its whole body. */
  readonly seen: Seen[]
  answer: (request: Seen, response: http.ServerResponse) => void
}

/** What `net.fetch` answers. */
export interface Answered {
  url: string
  status: number
  headers: Record<string, string>
  body: Uint8Array
}

/** Listens on a free port; ended with the stack. */
async function listen(stack: AsyncDisposableStack, listener: http.RequestListener, address = '127.0.0.1'): Promise<number> {
  const server = http.createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, address, resolve))
  stack.defer(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as AddressInfo).port // a TCP server has a port
}

/** A server on an address of its own of this machine. */
async function openPlace(stack: AsyncDisposableStack, address: string): Promise<Place> {
  const seen: Seen[] = []
  const port = await listen(
    stack,
    (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const asked = { method: request.method, url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() }
        seen.push(asked)
        made.answer(asked, response)
      })
    },
    address,
  )
  const place = `${address}:${port}`
  const made: Place = { port, place, url: `http://${place}`, seen, answer: (_, response) => response.end('hello') }
  return made
}

function openFolder(stack: AsyncDisposableStack): string {
  const folder = temporaryFolder()
  stack.defer(() => fs.rmSync(folder, { recursive: true, force: true }))
  return folder
}

export interface SecretBench extends AsyncDisposable {
  readonly secrets: Secrets
  /** The data folder that the secrets are kept in. */
  readonly home: string
  /** What hosts of this bench may change. */
  readonly folder: string
  /** Where the secret may go. */
  readonly here: Place
  /** Where it may not, although both may be reached. */
  readonly elsewhere: Place
  /** A token for `here` unless told otherwise. */
  secret(more?: Partial<NewSecret>): NewSecret
  /** A host that may reach both, and use the secret `api` unless told otherwise. */
  hostFor(more?: Need[]): Promise<TestHost>
}

/** Secrets, one place that they are for, and one that they are not for. `value`: what the secret holds. */
export async function openSecretBench(value: string): Promise<SecretBench> {
  const stack = new AsyncDisposableStack()
  const fresh = stack.use(await freshPlace('sqlite'))
  const store = stack.use(await fresh.open())
  const here = await openPlace(stack, '127.0.0.1')
  const elsewhere = await openPlace(stack, '127.0.0.2')
  const secrets = await openSecrets(store)
  const folder = openFolder(stack)
  return {
    secrets,
    home: fresh.home,
    folder,
    here,
    elsewhere,
    secret: (more = {}) => ({ name: 'api', kind: 'token', title: '', hosts: [here.place], value, ...more }),
    async hostFor(more = [{ kind: 'secret.use', resource: 'api' }]) {
      const nets = [here, elsewhere].map(({ place }) => ({ kind: 'net', resource: place }))
      return stack.use(await createTestHost(folder, { home: fresh.home, secrets, sleep: async () => {}, allowed: [...nets, ...more] }))
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

export const get = (host: TestHost, url: string, auth: object, more: object = {}) =>
  host.call<Answered>('net.fetch', url, { auth, ...more })

export interface NetBench extends AsyncDisposable {
  readonly port: number
  readonly folder: string
  readonly requests: http.IncomingMessage[]
  answer: http.RequestListener
  /** Names lead to the test's server, as if it were a public one: it is granted by its address beside the name. */
  hostWith(allowed: string[], options?: TestHostOptions): Promise<TestHost>
}

export const loopback: Lookup = async () => [{ address: '127.0.0.1', family: 4 }]

/** A server behind every name, and hosts that may reach it. */
export async function openNetBench(): Promise<NetBench> {
  const stack = new AsyncDisposableStack()
  const requests: http.IncomingMessage[] = []
  const port = await listen(stack, (request, response) => {
    requests.push(request)
    bench.answer(request, response)
  })
  const folder = openFolder(stack)
  const bench: NetBench = {
    port,
    folder,
    requests,
    answer: (_, response) => response.end('hello'),
    async hostWith(allowed, options = {}) {
      const needs = [...allowed, `127.0.0.1:${port}`].map((resource) => ({ kind: 'net', resource }))
      const lookup = { lookup: loopback, sleep: async () => {} }
      return stack.use(await createTestHost(folder, { ...lookup, ...options, allowed: options.allowed ?? needs }))
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
  return bench
}

// What the tests of providers share: each kind with its server, and a client of it.
import { GenerateRequest } from '@life-os/contract'
import type { ProviderConfig, ProviderKind } from '@life-os/contract'
import { expect } from 'vitest'
import { LifeOsError } from '@life-os/contract'
import { anthropicServer, googleServer, ollamaServer, openaiServer } from '../testing/index.ts'
import type { WireOptions, WireServer } from '../testing/index.ts'
import { createProvider } from './index.ts'
import type { ProviderClient, ProviderRequest } from './types.ts'

export const KEY = 'sk-a-key-that-must-not-leak'
export const SERVERS: Record<ProviderKind, (options?: WireOptions) => Promise<WireServer>> = {
  ollama: ollamaServer,
  'openai-compatible': openaiServer,
  openai: openaiServer,
  anthropic: anthropicServer,
  google: googleServer,
}
export const KINDS = Object.keys(SERVERS) as ProviderKind[] // a cast, because Object.keys forgets the names

export interface Pair extends AsyncDisposable {
  server: WireServer
  client: ProviderClient
}
export async function pair(kind: ProviderKind, options: WireOptions = {}): Promise<Pair> {
  const server = await SERVERS[kind](options)
  return { server, client: clientOf(kind, server.url), [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}
export function clientOf(kind: ProviderKind, url: string, rest: Partial<ProviderConfig> = {}, key = KEY): ProviderClient {
  const config = { id: 'test', kind, name: 'Test', url, enabled: true, secret: 'key', ...rest }
  return createProvider(config, { secret: async () => key, now: () => Date.now() })
}

export const MOVE = {
  id: 'files.move',
  description: 'Moves a file.',
  input: { type: 'object', properties: { from: { type: 'string' }, to: { type: 'string' } }, required: ['from', 'to'] },
}
/** A request of one sentence. */
export function ask(text: string, rest: Partial<ProviderRequest> = {}): ProviderRequest {
  const {
    model: _model,
    cache: _cache,
    ...request
  } = GenerateRequest.parse({ messages: [{ role: 'user', content: [{ type: 'text', text }] }] })
  return { ...request, name: 'm', bytes: async () => new Uint8Array(), ...rest }
}
export const never = () => new AbortController().signal

/** The error that a promise ends with. */
export async function failure(promise: Promise<unknown>): Promise<LifeOsError> {
  const error = await promise.then(
    (value) => expect.fail(`no error, but ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof LifeOsError)) throw error
  return error
}

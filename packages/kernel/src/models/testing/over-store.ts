import { createEvents } from '../../events/index.ts'
import { silentLogger } from '../../store/index.ts'
import type { Store } from '../../store/index.ts'
import { uuidv7 } from 'uuidv7'
import { createModels } from '../create.ts'
import type { ModelsDeps } from '../deps.ts'
import { createProvider } from '../providers/index.ts'
import type { ProviderClient } from '../providers/index.ts'
import type { GenerateRequest, ProviderConfig } from '@life-os/contract'
import type { ModelCall, Models } from '../types.ts'
import { openaiFormat } from './formats/openai.ts'
import { startWireServer } from './server.ts'
import type { WireOptions, WireServer } from './types.ts'

/** Models over a store, for tests: nobody is looked for, pauses are short, keys are what the test gives. A provider whose id begins with `cloud` counts as elsewhere. */
export interface ModelsFixture extends AsyncDisposable {
  models: Models
  told: { topic: string; data: Record<string, unknown> }[]
  add(config: Omit<ProviderConfig, 'name' | 'enabled'>): Promise<void>
}

export function modelsOver(store: Store, given: Partial<ModelsDeps> & { keys?: Record<string, string> } = {}): ModelsFixture {
  const { keys = {}, ...deps } = given
  const events = createEvents({ store, logger: silentLogger })
  const told: ModelsFixture['told'] = []
  const listening = events.subscribe('model.**', ({ topic, data }) => void told.push({ topic, data }))
  const models = createModels({
    store,
    events,
    secrets: { use: async (name) => ({ kind: 'token', value: keys[name] ?? '' }) },
    clock: { now: Date.now },
    newId: uuidv7,
    logger: silentLogger,
    createProvider: (config, providerDeps) => {
      const client = createProvider(config, providerDeps)
      return config.id.startsWith('cloud') ? elsewhere(client) : client
    },
    places: { ollama: null, lmStudio: null },
    pauses: { retry: 1, patience: 200, rest: 60_000 },
    memory: () => ({ total: 32e9, free: 16e9 }),
    ...deps,
  })
  return {
    models,
    told,
    add: async (config) => void (await models.setProvider({ ...config, name: config.id, enabled: true }, 'ada')),
    async [Symbol.asyncDispose]() {
      await models[Symbol.asyncDispose]()
      listening[Symbol.dispose]()
      await events[Symbol.asyncDispose]()
    },
  }
}

/** A server of this machine that counts as one of the cloud. */
const elsewhere = (client: ProviderClient): ProviderClient => ({
  config: client.config,
  store: null,
  local: false,
  models: async (signal) => (await client.models(signal)).map((model) => ({ ...model, local: false, size: null, memory: null })),
  generate: (request, options) => client.generate(request, options),
  embed: (name, texts, signal) => client.embed(name, texts, signal),
})

export const call = (part: Partial<ModelCall> = {}): ModelCall => ({
  asker: { person: 'ada' },
  labels: [],
  signal: new AbortController().signal,
  ...part,
})
export const saying = (text: string, part: Partial<GenerateRequest> = {}): GenerateRequest => ({
  messages: [{ role: 'user', content: [{ type: 'text', text }] }],
  tools: [],
  toolChoice: 'auto',
  maxTokens: 100,
  ...part,
})

/** One micro-unit a token. */
export const PRICED = { 'cloud/*': { input: 1_000_000, output: 1_000_000, currency: 'USD' } }

/** A server of chat completions as provider `cloud` with the key `k`, priced. */
export async function withCloud(fixture: ModelsFixture, options: WireOptions): Promise<WireServer> {
  const server = await startWireServer(openaiFormat, { models: ['gpt-x'], key: 'k', ...options })
  await fixture.add({ id: 'cloud', kind: 'openai-compatible', url: server.url, secret: 'cloud' })
  await fixture.models.setSettings({ prices: PRICED }, 'ada')
  return server
}
export const KEYS = { keys: { cloud: 'k' } }

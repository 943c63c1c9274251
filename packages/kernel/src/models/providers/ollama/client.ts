import { LifeOsError } from '@life-os/contract'
import type { ProviderConfig } from '@life-os/contract'
import { gather } from '../gather.ts'
import type { Piece } from '../pieces.ts'
import type { ProviderClient, ProviderDeps, ProviderRequest } from '../types.ts'
import { tokensIn } from '../usage.ts'
import type { Address } from '../wire/address.ts'
import { fault } from '../wire/faults.ts'
import { fields, numberIn } from '../wire/json.ts'
import { createTransport } from '../wire/transport.ts'
import type { Transport } from '../wire/transport.ts'
import { chat } from './chat.ts'
import { listOllama, show } from './models.ts'
import type { ShownModels } from './models.ts'
import { createStore } from './store.ts'

const TEXTS_AT_ONCE = 64

/** Ollama over its native API, written here: what can be had as a library hides headers, errors and the context size. */
export function createOllamaClient(config: ProviderConfig, address: Address, deps: ProviderDeps): ProviderClient {
  const transport = createTransport(config, address, deps)
  const shown: ShownModels = new Map()
  const contexts = new Map<string, number | null>()
  /** Null where a server does not tell; what stops any request stops this one too. */
  const contextOf = async (name: string, signal: AbortSignal) => {
    const kept = contexts.get(name)
    if (kept !== undefined) return kept
    try {
      const { context } = await show(transport, name, signal)
      contexts.set(name, context)
      return context
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof LifeOsError && (error.code === 'model-unreachable' || error.code === 'model-unauthorised')) throw error
      return null
    }
  }
  async function* answer(request: ProviderRequest, signal: AbortSignal): AsyncGenerator<Piece> {
    try {
      yield* chat(transport, address.base, request, signal, await contextOf(request.name, signal))
    } catch (error) {
      signal.throwIfAborted()
      throw error
    }
  }
  return {
    config,
    local: address.local,
    store: createStore(transport, address.base),
    models: (signal) => listOllama(config, address.local, transport, shown, signal),
    generate: (request, options) =>
      gather(answer(request, options.signal), request, { ...options, name: config.name, loose: true, now: () => deps.now() }),
    embed: (name, texts, signal) => embed(transport, name, texts, signal),
  }
}

async function embed(
  transport: Transport,
  name: string,
  texts: readonly string[],
  signal: AbortSignal,
): ReturnType<ProviderClient['embed']> {
  const vectors: Float32Array[] = []
  let tokens = 0
  for (let from = 0; from < texts.length; from += TEXTS_AT_ONCE) {
    const input = texts.slice(from, from + TEXTS_AT_ONCE)
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ model: name, input }) }
    const said = await transport.json('/api/embed', signal, init)
    const found = fields(said, 'embeddings').map(vectorOf)
    if (found.length !== input.length || found.includes(null))
      throw fault('model-invalid', { ...transport.speaker, key: undefined }, { said: 'not one vector a text', begun: true })
    vectors.push(...found.filter((vector) => vector !== null))
    tokens +=
      numberIn(said, 'prompt_eval_count') ??
      tokensIn({ messages: [{ role: 'user', content: input.map((text) => ({ type: 'text', text })) }], tools: [] })
  }
  return { vectors, usage: { input: tokens, output: 0, cached: 0, reasoning: 0 } }
}
function vectorOf(value: unknown): Float32Array | null {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'number') ? Float32Array.from(value) : null
}

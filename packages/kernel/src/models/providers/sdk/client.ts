import type { ProviderConfig } from '@life-os/contract'
import { gather } from '../gather.ts'
import { listModels } from '../listing/index.ts'
import { tokensIn } from '../usage.ts'
import type { Piece } from '../pieces.ts'
import type { ProviderClient, ProviderDeps, ProviderRequest } from '../types.ts'
import type { Address } from '../wire/address.ts'
import { fault } from '../wire/faults.ts'
import { createTransport } from '../wire/transport.ts'
import type { Transport } from '../wire/transport.ts'
import { sdkFault } from './faults.ts'
import { loadSdk } from './load.ts'
import type { SdkKind, SdkModels } from './load.ts'
import { callOptions } from './prompt.ts'
import { piecesOf } from './stream.ts'

interface Client {
  config: ProviderConfig
  transport: Transport
  sdk(): Promise<SdkModels>
}

/** OpenAI and those alike, Anthropic, Google: the AI SDK writes and reads their formats over our transport. */
export function createSdkClient(kind: SdkKind, config: ProviderConfig, address: Address, deps: ProviderDeps): ProviderClient {
  const transport = createTransport(config, address, deps)
  const client: Client = { config, transport, sdk: () => loadSdk(kind, { baseURL: address.base, fetch: transport.fetch }) }
  const loose = kind === 'openai-compatible'
  return {
    config,
    local: address.local,
    store: null,
    models: (signal) => listModels(kind, { config, local: address.local, transport, signal, origin: new URL(address.base).origin }),
    generate: (request, options) =>
      gather(answer(client, request, options.signal), request, { ...options, name: config.name, loose, now: () => deps.now() }),
    embed: (name, texts, signal) => embed(client, name, texts, signal),
  }
}

async function* answer(client: Client, request: ProviderRequest, signal: AbortSignal): AsyncGenerator<Piece> {
  let begun = false
  const over = new AbortController()
  try {
    const { text, options } = await client.sdk()
    signal.throwIfAborted()
    const either = AbortSignal.any([signal, over.signal])
    const { stream } = await text(request.name).doStream(await callOptions(request, either, options))
    for await (const piece of piecesOf(stream, client.transport.speaker)) {
      begun = true
      yield piece
    }
  } catch (error) {
    signal.throwIfAborted()
    throw sdkFault(error, client.transport.speaker, begun)
  } finally {
    over.abort() // the SDK leaves a stream open whose beginning it could not read
  }
}

async function embed(client: Client, name: string, texts: readonly string[], signal: AbortSignal): ReturnType<ProviderClient['embed']> {
  try {
    const sdk = await client.sdk()
    const speaker = { ...client.transport.speaker, key: undefined }
    if (!sdk.embed) throw fault('model-bad-request', speaker, { said: 'it serves no embeddings' })
    const model = sdk.embed(name)
    const most = (await model.maxEmbeddingsPerCall) ?? 256
    const vectors: Float32Array[] = []
    let tokens = 0
    for (let from = 0; from < texts.length; from += most) {
      const values = texts.slice(from, from + most)
      const found = await model.doEmbed({ values, abortSignal: signal })
      if (found.embeddings.length !== values.length)
        throw fault('model-invalid', speaker, { said: 'another number of vectors than texts', begun: true })
      vectors.push(...found.embeddings.map((vector) => Float32Array.from(vector)))
      tokens += found.usage?.tokens || tokensIn({ messages: values.map(asMessage), tools: [] })
    }
    return { vectors, usage: { input: tokens, output: 0, cached: 0, reasoning: 0 } }
  } catch (error) {
    signal.throwIfAborted()
    throw sdkFault(error, client.transport.speaker, false)
  }
}
function asMessage(text: string): ProviderRequest['messages'][number] {
  return { role: 'user', content: [{ type: 'text', text }] }
}

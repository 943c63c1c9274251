import type { EmbeddingModelV4, LanguageModelV4, SharedV4ProviderOptions } from '@ai-sdk/provider'
import type { ProviderKind } from '@life-os/contract'

export type SdkKind = Exclude<ProviderKind, 'ollama'>
/** The AI SDK's models of one provider. Only its interface of models is used, not its `ai`: see docs/decisions/0012-model-providers.md. */
export interface SdkModels {
  text(name: string): LanguageModelV4
  /** Null: the provider serves none. */
  embed: ((name: string) => EmbeddingModelV4) | null
  /** Schemas go out as they are: OpenAI's strict mode refuses those with optional fields. */
  options: SharedV4ProviderOptions
}
interface Place {
  baseURL: string
  fetch: typeof globalThis.fetch
}

/** Keeps the libraries from looking for keys in the environment; the transport puts the real one in. */
const apiKey = 'placed-by-the-transport'
const loose = { strictJsonSchema: false }

/** Loads the module of one kind; Node keeps it for the next time. */
export async function loadSdk(kind: SdkKind, place: Place): Promise<SdkModels> {
  switch (kind) {
    case 'openai': {
      const provider = (await import('@ai-sdk/openai')).createOpenAI({ ...place, apiKey })
      return { text: (name) => provider.chat(name), embed: (name) => provider.embedding(name), options: { openai: loose } }
    }
    case 'openai-compatible': {
      const settings = { ...place, name: 'compatible', includeUsage: true, supportsStructuredOutputs: true }
      const provider = (await import('@ai-sdk/openai-compatible')).createOpenAICompatible(settings)
      return { text: (name) => provider.chatModel(name), embed: (name) => provider.embeddingModel(name), options: { compatible: loose } }
    }
    case 'anthropic': {
      const provider = (await import('@ai-sdk/anthropic')).createAnthropic({ ...place, apiKey })
      return { text: (name) => provider.languageModel(name), embed: null, options: {} }
    }
    case 'google': {
      const provider = (await import('@ai-sdk/google')).createGoogle({ ...place, apiKey })
      return { text: (name) => provider.languageModel(name), embed: (name) => provider.embeddingModel(name), options: {} }
    }
  }
}

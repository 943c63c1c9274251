import { createOllamaClient } from './ollama/client.ts'
import { createSdkClient } from './sdk/client.ts'
import type { CreateProvider } from './types.ts'
import { addressOf } from './wire/address.ts'

export type { CreateProvider, ModelStore, ProviderAnswer, ProviderClient, ProviderDeps, ProviderOptions, ProviderRequest } from './types.ts'

/** Builds the client of a provider. Nothing is loaded or sent before its first call. @throws `model-bad-request` for a wrong address. */
export const createProvider: CreateProvider = (config, deps) => {
  const address = addressOf(config)
  return config.kind === 'ollama' ? createOllamaClient(config, address, deps) : createSdkClient(config.kind, config, address, deps)
}

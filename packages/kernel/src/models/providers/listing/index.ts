import type { SdkKind } from '../sdk/load.ts'
import { listAnthropic } from './anthropic.ts'
import { listGoogle } from './google.ts'
import type { ListCall, Listed } from './listed.ts'
import { listOpenai } from './openai.ts'

/** The models of a provider that can do something Life-OS knows. */
export async function listModels(kind: SdkKind, call: ListCall): Promise<Listed[]> {
  const lists = { openai: listOpenai, 'openai-compatible': listOpenai, anthropic: listAnthropic, google: listGoogle }
  const models = await lists[kind](call)
  return models.filter((model) => model.name !== '' && model.capabilities.length > 0)
}

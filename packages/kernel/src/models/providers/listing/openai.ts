// https://platform.openai.com/docs/api-reference/models, and what vLLM, llama.cpp, OpenRouter and LM Studio add to it.
import type { Capability } from '@life-os/contract'
import { field, fields, numberIn, textIn } from '../wire/json.ts'
import { capabilitiesByName, contextByName } from './capabilities.ts'
import type { ListCall, Listed } from './listed.ts'
import { memoryFor } from './listed.ts'

export async function listOpenai(call: ListCall): Promise<Listed[]> {
  const entries = fields(await call.transport.json('/models', call.signal), 'data')
  const more = call.config.kind === 'openai-compatible' && entries.some(isLmStudio) ? await lmStudio(call) : new Map<string, unknown>()
  return entries.map((entry) => listed(call, entry, more.get(textIn(entry, 'id'))))
}

function isLmStudio(entry: unknown): boolean {
  return textIn(entry, 'owned_by') === 'organization_owner'
}
/** https://lmstudio.ai/docs/app/api/endpoints/rest: type, context and quantisation of each model. */
async function lmStudio({ transport, origin, signal }: ListCall): Promise<Map<string, unknown>> {
  try {
    const response = await transport.fetch(`${origin}/api/v0/models`, { signal })
    const entries = fields(await response.json(), 'data')
    return new Map(entries.map((entry) => [textIn(entry, 'id'), entry]))
  } catch {
    signal.throwIfAborted()
    return new Map()
  }
}

function listed({ config, local }: ListCall, entry: unknown, more: unknown): Listed {
  const name = textIn(entry, 'id')
  const meta = field(entry, 'meta')
  const size = local ? numberIn(meta, 'size') : null
  return {
    ref: `${config.id}/${name}`,
    provider: config.id,
    name,
    title: textIn(entry, 'name') || name,
    local: local && !/[-:]cloud$/.test(name),
    capabilities: told(entry, more) ?? capabilitiesByName(config.kind, name),
    context: contextOf(entry, meta, more) ?? contextByName(config.kind, name),
    size,
    memory: size === null ? null : memoryFor(size),
    parameters: parametersOf(numberIn(meta, 'n_params')),
  }
}

/** vLLM: `max_model_len`; llama.cpp: `meta.n_ctx_train`; OpenRouter and Together: `context_length`; LM Studio: what is loaded, else what could be. */
function contextOf(entry: unknown, meta: unknown, more: unknown): number | null {
  return (
    numberIn(more, 'loaded_context_length') ??
    numberIn(more, 'max_context_length') ??
    numberIn(entry, 'max_model_len') ??
    numberIn(entry, 'context_length') ??
    numberIn(entry, 'context_window') ??
    numberIn(meta, 'n_ctx') ??
    numberIn(meta, 'n_ctx_train')
  )
}
function parametersOf(count: number | null): string | null {
  return count === null || count === 0 ? null : `${(count / 1e9).toFixed(1)}B`
}

function told(entry: unknown, more: unknown): Capability[] | null {
  const type = textIn(more, 'type')
  if (type === 'embeddings') return ['embed']
  if (type === 'llm' || type === 'vlm') {
    const tools = fields(more, 'capabilities').includes('tool_use')
    return ['text', 'structured', ...(tools ? (['tools'] as const) : []), ...(type === 'vlm' ? (['vision'] as const) : [])]
  }
  const supported = fields(entry, 'supported_parameters')
  if (supported.length === 0) return null
  const sees = fields(field(entry, 'architecture'), 'input_modalities').includes('image')
  return [
    'text',
    ...(supported.includes('tools') ? (['tools'] as const) : []),
    ...(supported.includes('structured_outputs') ? (['structured'] as const) : []),
    ...(sees ? (['vision'] as const) : []),
  ]
}

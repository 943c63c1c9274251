import type { Capability, ProviderConfig } from '@life-os/contract'
import { capabilitiesByName } from '../listing/capabilities.ts'
import type { Listed } from '../listing/listed.ts'
import { memoryFor } from '../listing/listed.ts'
import { field, fields, numberIn, textIn } from '../wire/json.ts'
import type { Transport } from '../wire/transport.ts'

/** What /api/show tells of a model, kept as long as its digest is the same. */
export interface Shown {
  capabilities: Capability[] | null
  context: number | null
  remote: boolean
}
export type ShownModels = Map<string, Shown>
const AT_ONCE = 4

export async function listOllama(
  config: ProviderConfig,
  local: boolean,
  transport: Transport,
  shown: ShownModels,
  signal: AbortSignal,
): Promise<Listed[]> {
  const tags = fields(await transport.json('/api/tags', signal), 'models').filter((tag) => nameOf(tag) !== '')
  const listed: Listed[] = []
  for (let from = 0; from < tags.length; from += AT_ONCE)
    listed.push(
      ...(await Promise.all(
        tags.slice(from, from + AT_ONCE).map(async (tag) => listedModel(config, local, tag, await look(transport, tag, shown, signal))),
      )),
    )
  return listed
}
function nameOf(tag: unknown): string {
  return textIn(tag, 'name') || textIn(tag, 'model')
}

async function look(transport: Transport, tag: unknown, shown: ShownModels, signal: AbortSignal): Promise<Shown> {
  const key = `${nameOf(tag)} ${textIn(tag, 'digest')}`
  const kept = shown.get(key)
  if (kept) return kept
  try {
    const found = await show(transport, nameOf(tag), signal)
    shown.set(key, found)
    return found
  } catch {
    signal.throwIfAborted()
    // Its name says what it can. Where it runs nobody has said, so that private words do not go there until somebody does.
    return { capabilities: null, context: null, remote: true }
  }
}

export async function show(transport: Transport, name: string, signal: AbortSignal): Promise<Shown> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ model: name }) }
  const said = await transport.json('/api/show', signal, init)
  const told = fields(said, 'capabilities').filter((word) => typeof word === 'string')
  const info = field(said, 'model_info')
  return {
    capabilities: told.length === 0 ? null : capabilitiesOf(told),
    context: numberIn(info, `${textIn(info, 'general.architecture')}.context_length`),
    remote: !tells(said) || textIn(said, 'remote_host') !== '' || textIn(said, 'remote_model') !== '',
  }
}

/** An answer without any of what Ollama says of a model is no word on where it runs. */
const tells = (said: unknown): boolean =>
  ['details', 'model_info', 'capabilities', 'modelfile'].some((name) => field(said, name) !== undefined)

/** Ollama constrains the output of every model that writes text, so that each of them has structured output. */
function capabilitiesOf(told: readonly string[]): Capability[] {
  const found: Capability[] = []
  if (told.includes('completion')) found.push('text', 'structured')
  if (told.includes('tools')) found.push('tools')
  if (told.includes('vision')) found.push('vision')
  if (told.includes('embedding')) found.push('embed')
  if (told.includes('image')) found.push('image')
  return found
}

function listedModel(config: ProviderConfig, local: boolean, tag: unknown, shown: Shown): Listed {
  const name = nameOf(tag)
  const size = numberIn(tag, 'size')
  const here = local && !shown.remote && !isRemote(tag, name)
  return {
    ref: `${config.id}/${name}`,
    provider: config.id,
    name,
    title: name.replace(/:latest$/, ''),
    local: here,
    capabilities: shown.capabilities ?? capabilitiesByName('ollama', name),
    context: shown.context,
    size: here ? size : null,
    memory: here && size !== null ? memoryFor(size) : null,
    parameters: textIn(field(tag, 'details'), 'parameter_size') || null,
  }
}
/** A model of Ollama's cloud answers at the local address and runs elsewhere. Its names are `gpt-oss:120b-cloud`, `glm-4.6:cloud`. */
function isRemote(tag: unknown, name: string): boolean {
  return textIn(tag, 'remote_host') !== '' || textIn(tag, 'remote_model') !== '' || /[-:]cloud$/.test(name)
}

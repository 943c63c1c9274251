import { z } from 'zod'
import { LifeOsError, type EffectRecord, type Need, type ToolDescription } from '@life-os/contract'
import type { PluginCall } from '../../plugins/index.ts'
import { effectById } from '../record/effects.ts'
import { needsOfChange } from '../record/sink.ts'
import { valueOf } from '../record/record.ts'
import type { InnerTool } from './toolbox.ts'
import type { RunsDeps } from '../types.ts'

const RestoreInput = z.object({ effect: z.string(), conflicts: z.enum(['skip', 'overwrite', 'keep-both']) })
const RestoreOutput = z.object({ restored: z.boolean(), conflict: z.string().nullable() })
const RepeatInput = z.object({ effect: z.string() })

export const RESTORE = 'life-os.restore'
export const COMPENSATE = 'life-os.compensate'
export const REPEAT = 'life-os.repeat'

/** What an undo run is made of. They pass the same gate, host services and journal as any tool. */
export function createInnerTools(deps: RunsDeps): InnerTool[] {
  return [restoreTool(deps), compensateTool(deps), repeatTool(deps)]
}

function restoreTool(deps: RunsDeps): InnerTool {
  return {
    description: describe(
      RESTORE,
      'Restore what was before',
      'Puts back what one effect changed.',
      RestoreInput,
      RestoreOutput,
      'write',
      'exact',
    ),
    needs: async (input) => {
      const effect = await required(deps, RestoreInput.parse(input).effect)
      const places = needsOfChange(effect.change)
      const beyond = Object.keys({ ...effect.before, ...effect.after }).map((resource): Need => ({ kind: 'fs.write', resource }))
      return [...places, ...beyond]
    },
    labels: async () => [], // what comes back brings its own labels along
    async run(call) {
      const { effect: id, conflicts } = RestoreInput.parse(call.input)
      const effect = await settled(deps, await required(deps, id))
      if (effect.state === 'not-applied' || effect.state === 'undone') return { restored: false, conflict: null }
      return deps.host.restore(effect, call.services, conflicts)
    },
  }
}

function compensateTool(deps: RunsDeps): InnerTool {
  return {
    description: describe(
      COMPENSATE,
      'Take back an outside effect',
      "Calls the tool's own inverse.",
      RepeatInput,
      z.object({ compensated: z.boolean() }),
      'external',
      'compensate',
    ),
    needs: async (input) => callOf(deps, RepeatInput.parse(input).effect).then((made) => made.needs),
    labels: async (input) => (await required(deps, RepeatInput.parse(input).effect)).labels,
    async run(call) {
      const made = await callOf(deps, RepeatInput.parse(call.input).effect)
      taint(deps, made.tool, call)
      await deps.plugins.call({ ...call, tool: made.tool, method: 'compensate', input: { output: made.output, input: made.input } })
      return { compensated: true }
    },
  }
}

/** Redo of a compensated effect: the tool runs again, under a key of its own. */
function repeatTool(deps: RunsDeps): InnerTool {
  return {
    description: describe(
      REPEAT,
      'Do it again',
      'Runs the tool of a compensated effect again.',
      RepeatInput,
      z.unknown(),
      'external',
      'compensate',
    ),
    needs: async (input) => callOf(deps, await compensated(deps, RepeatInput.parse(input).effect)).then((made) => made.needs),
    labels: async (input) => (await required(deps, await compensated(deps, RepeatInput.parse(input).effect))).labels,
    async run(call) {
      const made = await callOf(deps, await compensated(deps, RepeatInput.parse(call.input).effect))
      taint(deps, made.tool, call)
      return deps.plugins.call({ ...call, tool: made.tool, method: 'run', input: made.input })
    },
  }
}

/** The process of the tool that is called sees what the record holds. */
function taint(deps: RunsDeps, tool: string, call: PluginCall): void {
  const plugin = deps.plugins.tool(tool)?.plugin
  if (plugin) deps.plugins.taint(plugin, call.labels)
}

async function required(deps: RunsDeps, id: string): Promise<EffectRecord> {
  const effect = await effectById(deps.store, id)
  if (!effect) throw new LifeOsError('effect-missing', 'The record of that effect is gone, so it can no longer be undone.')
  return effect
}

/** The effect that an undo run's effect compensated: the item of the undo at the same place. */
async function compensated(deps: RunsDeps, id: string): Promise<string> {
  const effect = await required(deps, id)
  const row = await deps.store.db.selectFrom('runs').select('inputs_json').where('id', '=', effect.run).executeTakeFirst()
  const { items = [] } = JSON.parse(row?.inputs_json ?? '{}') as { items?: { effect: string }[] } // made by undoPlanFor
  const original = items[Number(/^back\[(\d+)\]/.exec(effect.path)?.[1] ?? -1)]
  if (!original) throw new LifeOsError('effect-missing', 'What this undo took back is no longer known, so it cannot be repeated.')
  return original.effect
}

/** An effect that a crash cut off is looked at first: nothing is restored that never happened. */
async function settled(deps: RunsDeps, effect: EffectRecord): Promise<EffectRecord> {
  if (effect.state !== 'started') return effect
  const found = await deps.host.reconcile(effect)
  if (found.applied === 'no') return { ...effect, state: 'not-applied' }
  return { ...effect, after: found.after ?? effect.after }
}

async function callOf(deps: RunsDeps, id: string): Promise<{ tool: string; input: unknown; output: unknown; needs: Need[] }> {
  const effect = await required(deps, id)
  const entries = await deps.store.journal.read(effect.run, 0, Number.MAX_SAFE_INTEGER)
  let input: unknown = null
  let output: unknown = null
  for (const { event } of entries) {
    if (event.type === 'try-started' && event.path === effect.path) input = await valueOf(deps.store.blobs, event.input)
    if (event.type === 'try-finished' && event.path === effect.path) output = await valueOf(deps.store.blobs, event.output)
  }
  const { change } = effect
  const needs = change.kind === 'request-send' ? needsOfRequest(change) : needsOfChange(change)
  return { tool: effect.tool, input, output, needs }
}

/** Taking a request back reaches the same place, with the same secret. */
function needsOfRequest({ url, secret }: Extract<EffectRecord['change'], { kind: 'request-send' }>): Need[] {
  return [{ kind: 'net', resource: hostOf(url) }, ...(secret === undefined ? [] : [{ kind: 'secret.use', resource: secret }])]
}

function hostOf(url: string): string {
  const parsed = new URL(url)
  return `${parsed.hostname}:${parsed.port || (parsed.protocol === 'https:' ? '443' : '80')}`
}

function describe(
  id: string,
  title: string,
  description: string,
  input: z.ZodType,
  output: z.ZodType,
  effect: ToolDescription['effect'],
  reversal: ToolDescription['reversal'],
): ToolDescription {
  return {
    id,
    title,
    description,
    plugin: 'life-os',
    version: '1.0.0',
    input: z.toJSONSchema(input),
    output: z.toJSONSchema(output),
    effect,
    reversal,
    risk: 'low',
    idempotent: false,
    reconciles: false,
    compensates: false,
    needs: {},
    lane: 'io',
    examples: [],
  }
}

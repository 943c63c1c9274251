import { randomUUID } from 'node:crypto'
import type { EffectRecord } from '@life-os/contract'
import type { CallScope, EffectSink, Host } from '../host/index.ts'

/** Keeps effect records as the journal would, in memory. */
export function keepEffects(scope: CallScope, effects: EffectRecord[]): EffectSink {
  const find = (id: string): EffectRecord => {
    const effect = effects.find((candidate) => candidate.id === id)
    if (!effect) throw new Error(`no effect ${id} was begun`)
    return effect
  }
  return {
    async begin(change, before) {
      const { run, path, plugin, pluginVersion, tool, try: attempt } = scope
      const id = randomUUID()
      const about = { run, path, try: attempt, seq: effects.length, plugin, pluginVersion, tool }
      effects.push({ id, ...about, change, before, after: null, state: 'started', at: 0, until: null, labels: [] })
      return id
    },
    async finish(id, after, change) {
      Object.assign(find(id), { after, state: 'finished', ...(change && { change }) })
    },
    async abandon(id) {
      Object.assign(find(id), { state: 'not-applied' })
    },
    approvedTarget: () => undefined,
  }
}

/** Takes effects back, newest first, as an undo run would; answers the conflicts. */
export async function takeBack(host: Host, effects: readonly EffectRecord[], within: string): Promise<string[]> {
  const conflicts: string[] = []
  for (const effect of effects.filter(({ state }) => state === 'finished').toReversed()) {
    const scope: CallScope = {
      ...effect,
      try: 1,
      plugin: 'life-os',
      tool: 'life-os.restore',
      key: randomUUID(),
      effect: 'write',
      reversal: 'exact',
      allowed: [{ kind: 'fs.write', resource: `${within}/**` }],
    }
    const { conflict } = await host.restore(effect, host.real(scope, keepEffects(scope, [])), 'skip')
    if (conflict !== null) conflicts.push(conflict)
  }
  return conflicts
}

import { LifeOsError } from '@life-os/contract'
import type { RunsContext } from '../context.ts'
import { effectsOf } from '../record/effects.ts'
import { effectKey } from '../hash.ts'
import { needsOfChange, createSink, undoUntil } from '../record/sink.ts'
import { RESTORE } from './inner-tools.ts'
import type { LiveRun } from '../live.ts'
import { failedOutcome, type Outcome } from '../interpreter/outcome.ts'
import { childPath, isWithin } from '../interpreter/paths.ts'
import type { Frame } from '../interpreter/world.ts'

/** on-error: undo. Takes back what a group did, newest first, as effects of this run. Answers an outcome only when that fails. */
export async function rollBackEffects(context: RunsContext, live: LiveRun, group: string, frame: Frame): Promise<Outcome | null> {
  const { deps } = context
  const path = childPath(group, 'undo')
  const tool = context.toolbox.describe(RESTORE)
  if (!tool) throw new Error('the toolbox always holds the kernel tools')
  const all = await effectsOf(deps.store, live.id)
  const made = all
    .filter(
      (effect) => isWithin(effect.path, group) && effect.tool !== RESTORE && (effect.state === 'finished' || effect.state === 'started'),
    )
    .toReversed()
  const { undoDays } = await deps.settings()
  for (const effect of made) {
    const labels = effect.labels
    const { sink } = createSink(
      deps,
      live,
      { path, try: 1, tool, labels, until: undoUntil(deps.clock.now(), undoDays) },
      undefined,
      new Set(),
    )
    const scope = {
      run: live.id,
      path,
      try: 1,
      plugin: tool.plugin,
      pluginVersion: tool.version,
      tool: tool.id,
      key: effectKey(live.id, path, effect.id),
      effect: tool.effect,
      reversal: tool.reversal,
      allowed: needsOfChange(effect.change),
      labels,
    }
    try {
      const outcome = await deps.host.restore(effect, deps.host.real(scope, sink), 'skip')
      if (outcome.restored) live.record({ kind: 'effect-update', id: effect.id, patch: { state: 'undone' } })
      else if (outcome.conflict) return failedOutcome(frame.path, new LifeOsError('undo-conflict', outcome.conflict), frame.labels)
    } catch (error) {
      return failedOutcome(frame.path, error, frame.labels)
    }
  }
  return null
}

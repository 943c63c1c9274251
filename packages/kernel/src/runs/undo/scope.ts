import { LifeOsError, type EffectRecord, type StartUndo } from '@life-os/contract'
import type { RunRow, Store } from '../../store/index.ts'
import { descendantsOf, effectsOfAll, type Descendant } from './family.ts'
import { FINISHED } from '../states.ts'

type Target = Pick<RunRow, 'id' | 'undone_by'>

/**
 * What an undo of a run is about, oldest first: its own effects, and those of the plans that it started, unless they are left.
 * Errors: `already-undone`, `undo-running`, `child-going`.
 */
export async function undoScope(store: Store, run: Target, options: StartUndo): Promise<EffectRecord[]> {
  const family = options.children === false ? [] : await descendantsOf(store, run.id)
  if (!options.effects) refuseGoing(family)
  const runs = [run, ...family]
  await refuseUndoing(
    store,
    runs.map(({ id }) => id),
  )
  if (options.effects) return effectsOfAll(store, idsOf(runs))
  const effects = await effectsOfAll(store, idsOf(runs.filter(({ undone_by }) => undone_by === null)))
  const isLeft = effects.some(({ state, change }) => (state === 'finished' || state === 'started') && change.reversal !== 'none')
  if (run.undone_by !== null && !isLeft)
    throw new LifeOsError('already-undone', `This run was already undone by the run ${run.undone_by}. Undo that one to get it back.`)
  return effects
}

const idsOf = (runs: readonly Target[]): string[] => runs.map(({ id }) => id)

function refuseGoing(family: readonly Descendant[]): void {
  const going = family.find(({ state }) => !FINISHED.has(state))
  if (!going) return
  const message = `“${going.plan_name}”, which this run started, has not ended. Cancel it or let it end, then undo.`
  throw new LifeOsError('child-going', message, { details: { run: going.id } })
}

async function refuseUndoing({ db }: Store, ids: readonly string[]): Promise<void> {
  const going = await db
    .selectFrom('runs')
    .select('id')
    .where('of', 'in', [...ids])
    .where('kind', '=', 'undo')
    .where('state', 'in', ['queued', 'running', 'paused'])
    .executeTakeFirst()
  if (!going) return
  throw new LifeOsError('undo-running', `This run is being undone already, by the run ${going.id}.`, { details: { run: going.id } })
}

import type { Run } from '@life-os/contract'
import { count } from '../../lib/format.ts'

/** The place a run works on: its first input that is a path. */
export function placeOf(run: Pick<Run, 'inputs'>): string | null {
  for (const value of Object.values(run.inputs)) if (typeof value === 'string' && value.startsWith('/')) return value
  return null
}

/** What came of a run, in a few words. */
export function outcomeOf(run: Run): string {
  if (run.error && (run.state === 'failed' || run.state === 'stopped')) return run.error.message
  const effects = run.progress.effects
  if (run.state === 'waiting') return run.totals ? `${count(run.totals.changes, 'change')} to decide` : 'asks something'
  if (effects === 0) return run.state === 'done' ? 'nothing changed' : run.state === 'cancelled' ? 'nothing was done' : ''
  return `${count(effects, 'change')}${run.undo.undoneBy ? ', undone since' : run.state === 'done' ? '' : ' made'}`
}

/** How a run is called: an undo says so once. */
export const nameOfRun = (run: Pick<Run, 'kind' | 'plan'>): string =>
  run.kind === 'undo' && !/^undo\b/i.test(run.plan.name) ? `Undo: ${run.plan.name}` : run.plan.name

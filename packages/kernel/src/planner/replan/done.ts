import type { JournalEntry, RunEvent } from '@life-os/contract'
import { foldOf, type RunFold, type StepRecord } from '../../runs/index.ts'

/** What a run that ended has done, by step path. */
export interface Done {
  fold: RunFold
  /** Steps with an effect that happened, or may have. */
  effects: ReadonlySet<string>
}

export function doneOf(entries: readonly JournalEntry[]): Done {
  const effects = new Map<string, string>()
  for (const { event } of entries) takeEffect(effects, event)
  return { fold: foldOf(entries), effects: new Set(effects.values()) }
}

function takeEffect(effects: Map<string, string>, event: RunEvent): void {
  if (event.type === 'effect-started') effects.set(event.effect, event.path)
  if (event.type === 'effect-reconciled' && event.applied === 'no') effects.delete(event.effect)
}

/** Finished steps are not done again: done, left out, or failed where the plan goes on without them. */
export const isFinished = (record: StepRecord | undefined): boolean =>
  record !== undefined &&
  ((record.state === 'done' && record.output !== null) || record.state === 'skipped' || record.state === 'continued')

/** A step that was cut off or failed after some of its effect may have happened. */
export const isOpen = ({ fold, effects }: Done, path: string): boolean => !isFinished(fold.steps.get(path)) && effects.has(path)

import type { ChangeTotals, Mode, Run, RunState, RunStep } from '@life-os/contract'
import { fromColumn } from '../../store/index.ts'
import type { RunRow } from '../../store/index.ts'
import type { RunFold, StepRecord } from './fold.ts'

/** What is stored of a run's progress between folds. */
export interface ProgressColumn {
  steps: number
  of: number | null
  effects: number
  failed: number
  now: string | null
  undoable: number
  final: number
  until: number | null
}

export const NO_PROGRESS: ProgressColumn = { steps: 0, of: null, effects: 0, failed: 0, now: null, undoable: 0, final: 0, until: null }

/** What a run's view needs: lists leave the frozen plans, which may be large, where they are. */
export const VIEWED = [
  'id',
  'kind',
  'of',
  'parent',
  'parent_step',
  'plan_id',
  'plan_name',
  'plan_version',
  'inputs_json',
  'mode',
  'state',
  'actor_json',
  'priority',
  'created_at',
  'started_at',
  'finished_at',
  'error_json',
  'error_path',
  'cost_json',
  'progress_json',
  'summary_json',
  'approval',
  'undone_by',
  'labels',
] as const satisfies (keyof RunRow)[]

export function runView(row: Pick<RunRow, (typeof VIEWED)[number]>, fold: RunFold | null): Run {
  const summary = row.summary_json === null ? null : fromColumn(row.summary_json)
  const stored = JSON.parse(row.progress_json) as ProgressColumn // written by runs
  const of = summary ? summary.totals.changes : null
  const progress = fold
    ? { steps: fold.done, of, effects: fold.effects.finished, failed: fold.failed, now: fold.now }
    : { steps: stored.steps, of, effects: stored.effects, failed: stored.failed, now: null }
  const undoable = fold && fold.state === 'running' ? fold.effects.finished : stored.undoable
  return {
    id: row.id,
    kind: row.kind as Run['kind'], // the columns hold what runs wrote
    of: row.of,
    parent: row.parent === null ? null : { run: row.parent, step: row.parent_step ?? '' },
    plan: { id: row.plan_id, name: row.plan_name, version: row.plan_version },
    inputs: fromColumn(row.inputs_json),
    mode: row.mode as Mode, // likewise
    state: row.state as RunState, // likewise
    by: fromColumn(row.actor_json),
    priority: row.priority,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    error: row.error_json === null ? null : fromColumn(row.error_json),
    errorPath: row.error_path,
    cost: fold ? { ...fold.cost } : fromColumn(row.cost_json),
    progress,
    totals: summary ? (summary.totals satisfies ChangeTotals) : null,
    approval: row.approval,
    undo: {
      possible: undoable > 0 && row.undone_by === null,
      effects: undoable,
      final: stored.final,
      until: stored.until,
      undoneBy: row.undone_by,
    },
    labels: fromColumn(row.labels),
  }
}

export function stepView(step: StepRecord): RunStep {
  return {
    path: step.path,
    state: step.state,
    tool: step.tool,
    tries: step.tries,
    startedAt: step.startedAt,
    finishedAt: step.finishedAt,
    error: step.error,
    count: step.count,
  }
}

import { LifeOsError, errorShape, joinLabels, type Labels, type RunEvent } from '@life-os/contract'
import type { RunRow } from '../../store/index.ts'
import type { RunsContext } from '../context.ts'
import type { LiveRun } from '../live.ts'
import type { Outcome } from '../interpreter/outcome.ts'
import { recordValue } from './record.ts'
import type { ProgressColumn } from './views.ts'

export const STOPPING: ReadonlySet<string> = new Set(['budget-exceeded', 'emergency-stop'])

/** Writes how an execution ended: finished, failed, or suspended with nothing held. */
export async function conclude(context: RunsContext, live: LiveRun, outcome: Outcome): Promise<void> {
  if (live.halt === 'fenced') return
  const { deps } = context
  if (live.halt === 'shutdown' && outcome.kind !== 'value')
    return live.commit(null, { kind: 'run-update', patch: { owner: null, lease_until: null, options_json: JSON.stringify(live.options) } })
  if (live.halt === 'cancel') return finish(context, live, { type: 'run-finished', state: 'cancelled' })
  if (live.halt === 'stop')
    return finish(context, live, {
      type: 'run-finished',
      state: 'stopped',
      error: new LifeOsError('emergency-stop', 'The emergency stop ended this run. Resume it once the stop is lifted.').toShape(),
    })
  if (outcome.kind === 'failed') {
    const state = STOPPING.has(outcome.error.code) ? 'stopped' : 'failed'
    return finish(context, live, { type: 'run-finished', state, error: outcome.error, errorPath: outcome.path }, outcome.labels)
  }
  if (outcome.kind === 'suspended') return suspend(context, live)
  const outputs = await recordValue(deps.store.blobs, live.id, outcome.kind === 'value' ? outcome.value : null, outcome.labels)
  return finish(context, live, { type: 'run-finished', state: 'done', outputs })
}

async function suspend(context: RunsContext, live: LiveRun): Promise<void> {
  const paused = live.halt === 'pause'
  const patch = {
    ...(await column(context, live)),
    state: paused ? 'paused' : 'waiting',
    approval: openQuestion(live),
    owner: null,
    lease_until: null,
  }
  const event: RunEvent = paused ? { type: 'run-paused', by: live.actor.id } : { type: 'run-waiting' }
  await live.commit(
    event,
    { kind: 'run-update', patch },
    { kind: 'topic', topic: paused ? 'run.paused' : 'run.waiting', data: { run: live.id, plan: live.row.plan_id } },
  )
}

/** Of several that wait side by side the first: after one is answered the next is the run's. */
function openQuestion(live: LiveRun): string | null {
  for (const step of live.fold.steps.values()) if (step.approval) return step.approval
  return live.row.approval // the question about the whole preview belongs to no step
}

/** `labels`: of what is told of the end, beside those of the outputs and of what the run was begun with. */
export async function finish(
  context: RunsContext,
  live: LiveRun,
  event: RunEvent & { type: 'run-finished' },
  labels: Labels = [],
): Promise<void> {
  const patch: Partial<RunRow> = {
    ...(await column(context, live)),
    state: event.state,
    finished_at: context.deps.clock.now(),
    owner: null,
    lease_until: null,
    approval: null,
    error_json: event.error ? JSON.stringify(event.error) : null,
    error_path: event.errorPath ?? null,
    outputs_json: event.outputs ? JSON.stringify(event.outputs) : null,
    labels: JSON.stringify(joinLabels(event.outputs?.labels, live.options.labels, labels)),
  }
  await live.commit(
    event,
    { kind: 'run-update', patch },
    { kind: 'topic', topic: 'run.finished', data: { run: live.id, plan: live.row.plan_id, state: event.state } },
    {
      kind: 'audit',
      record: {
        kind: 'run',
        actor: live.actor.id,
        run: live.id,
        step: null,
        tool: null,
        verdict: null,
        rule: `run-${event.state}`,
        data: event.error ? { code: event.error.code } : {},
      },
    },
  )
  await context.deps.store.db
    .updateTable('approvals')
    .set({ state: 'withdrawn' })
    .where('run', '=', live.id)
    .where('state', '=', 'waiting')
    .execute()
  if (event.state === 'done' || event.state === 'cancelled') await context.deps.gate.grants.forgetRun(live.id)
}

/** Progress and cost as columns, for lists that do not fold journals. */
async function column(context: RunsContext, live: LiveRun): Promise<Partial<RunRow>> {
  const { store } = context.deps
  await store.journal.flush()
  const effects = await store.db
    .selectFrom('effects')
    .select(['reversal', 'until'])
    .where('run', '=', live.id)
    .where('state', 'in', ['finished', 'started'])
    .execute()
  const undoable = effects.filter((effect) => effect.reversal !== 'none')
  const until = undoable.reduce<number | null>(
    (least, effect) => (effect.until !== null && (least === null || effect.until < least) ? effect.until : least),
    null,
  )
  const progress: ProgressColumn = {
    steps: live.fold.done,
    of: null,
    effects: live.fold.effects.finished,
    failed: live.fold.failed,
    now: null,
    undoable: undoable.length,
    final: effects.length - undoable.length,
    until,
  }
  return { progress_json: JSON.stringify(progress), cost_json: JSON.stringify(live.fold.cost), options_json: JSON.stringify(live.options) }
}

export function crashed(path: string, error: unknown): Outcome {
  return { kind: 'failed', error: errorShape(error), path, labels: [] }
}

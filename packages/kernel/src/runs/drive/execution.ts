import { LifeOsError, type Change } from '@life-os/contract'
import type { RunRow } from '../../store/index.ts'
import { tighter } from '../interpreter/budget.ts'
import { abortAfter } from '../calls/deadline.ts'
import { conclude, crashed } from '../record/conclude.ts'
import type { RunsContext } from '../context.ts'
import type { LiveRun } from '../live.ts'
import type { PreviewParts } from '../record/preview.ts'
import { previewRun } from './preview-run.ts'
import { createRealWorld } from './real-world.ts'
import { markUndone } from '../undo/undone.ts'
import { walk } from './walk.ts'

/** Runs a run in hand until it ends or suspends, and concludes it. */
export async function realRun(context: RunsContext, live: LiveRun): Promise<void> {
  const { deps } = context
  if (live.halt === null && live.fold.state !== 'running') await begun(context, live)
  const changed = changedPlugins(context, live)
  if (changed.length > 0 && live.options.approved) {
    await previewRun(context, live, false, refrozen(context, live, changed))
    return
  }
  live.approved = await approvedChanges(context, live)
  const over = abortAfter(timeLeft(live, deps.clock.now()))
  const signal = over ? AbortSignal.any([live.abort.signal, over]) : live.abort.signal
  const outcome = await walk(context, live, createRealWorld(context, live), signal)
  if (live.row.kind === 'undo') await markUndone(context, live)
  const late = outcome.kind === 'suspended' && signal.aborted && !live.abort.signal.aborted
  await conclude(
    context,
    live,
    late
      ? crashed(
          '',
          new LifeOsError(
            'budget-exceeded',
            'The time this run was given is over. What was done stays done; allow it more and resume to go on.',
            { class: 'user', applied: 'no', details: lateDetails(live, deps.clock.now()) },
          ),
        )
      : outcome,
  )
  if (deps.store.dialect === 'postgres') await deps.store.journal.flush()
}

async function begun(context: RunsContext, live: LiveRun): Promise<void> {
  const patch: Partial<RunRow> = {
    state: 'running',
    started_at: live.row.started_at ?? context.deps.clock.now(),
    finished_at: null,
    error_json: null,
    error_path: null,
  }
  live.note(
    { type: 'run-started', epoch: live.epoch },
    { kind: 'run-update', patch },
    { kind: 'topic', topic: 'run.started', data: { run: live.id, plan: live.row.plan_id } },
  )
}

/** Milliseconds until the time budget or the deadline ends the run; null when there is none. */
function timeLeft(live: LiveRun, now: number): number | null {
  const { time, deadline } = tighter(live.budget.limits, {})
  const left = [
    time === undefined ? null : time - live.fold.cost.time,
    deadline === undefined ? null : live.row.created_at + deadline - now,
  ].filter((part): part is number => part !== null)
  return left.length === 0 ? null : Math.max(0, Math.min(...left))
}

/** Which of both ended it, as other limits tell it. */
function lateDetails(live: LiveRun, now: number): { part: 'time' | 'deadline'; spent: number; limit: number; needs: number } {
  const { time = Infinity, deadline = Infinity } = live.budget.limits
  const since = now - live.row.created_at
  if (since >= deadline) return { part: 'deadline', spent: since, limit: deadline, needs: 0 }
  return { part: 'time', spent: live.budget.spent.time, limit: time, needs: 0 }
}

/** The approved changes by step: the preview as a whole, and what was approved step by step since. */
async function approvedChanges(context: RunsContext, live: LiveRun): Promise<ReadonlyMap<string, readonly Change[]> | null> {
  const { previews } = context.deps.gate
  const { approved, steps } = live.options
  if (!approved && Object.keys(steps).length === 0) return null
  const byStep = new Map<string, Change[]>()
  if (approved) {
    const preview = await previews.load(live.id, approved.revision)
    for (const step of preview.steps) if (step.state === 'known') byStep.set(step.path, [])
    for (const entry of preview.changes) {
      if (entry.change.unknown) continue
      const list = byStep.get(entry.step)
      if (list) list.push(entry.change)
      else byStep.set(entry.step, [entry.change])
    }
    for (const step of preview.steps) if (step.state === 'possible') byStep.delete(step.path) // asked again once it is known
  }
  for (const [path, revision] of Object.entries(steps))
    byStep.set(
      path,
      (await previews.load(live.id, revision)).changes.map((entry) => entry.change),
    )
  return byStep
}

/** Plugins of an approved run that are not what they were when it was approved. */
function changedPlugins(context: RunsContext, live: LiveRun): string[] {
  return Object.entries(live.frozen.digests)
    .filter(([plugin, digest]) => (context.deps.plugins.digest(plugin) ?? digest) !== digest)
    .map(([plugin]) => plugin)
}

/** Freezes the run anew with today's plugins; what is not done yet is previewed and approved again. */
function refrozen(context: RunsContext, live: LiveRun, changed: readonly string[]): PreviewParts['warnings'] {
  for (const plugin of changed) live.frozen.digests[plugin] = context.deps.plugins.digest(plugin) ?? ''
  live.options.approved = null
  live.options.steps = {}
  live.record({ kind: 'run-update', patch: { frozen_json: JSON.stringify(live.frozen), options_json: JSON.stringify(live.options) } })
  return changed.map((plugin) => ({
    code: 'plugin-changed',
    message: `The plugin ${plugin} has changed since you approved this run. What is left to do is shown again.`,
  }))
}

import { LifeOsError, type Change } from '@life-os/contract'
import { subjectOf } from '../acting.ts'
import { askInCall } from './call-questions.ts'
import { changeKey, isApproved } from '../record/change-key.ts'
import type { RunsContext } from '../context.ts'
import { mayRepeat, standingOf, type Standing } from './cut-off.ts'
import type { LiveRun } from '../live.ts'
import { askForMore } from '../questions/permission-requests.ts'
import { SUSPENDED, failWith, failedOutcome, valueOutcome, type Outcome } from '../interpreter/outcome.ts'
import { ask, takeAnswer } from '../questions/questions.ts'
import { recordValue, valueOf } from '../record/record.ts'
import { recordCall, stepPreview } from './simulate-step.ts'
import type { Ready } from './ready.ts'
import { UNCERTAIN, tryUntilDone } from './tries.ts'

/** Makes an allowed call: settles what an earlier try left open, finds drift, tries, and asks where nobody can tell. */
export async function perform(context: RunsContext, live: LiveRun, ready: Ready): Promise<Outcome> {
  const { path } = ready.frame
  const record = live.fold.steps.get(path)
  let standing: Standing = { applied: [], unknown: [], answers: new Map() }
  if (record && record.tries > 0) {
    standing = await standingOf(context, live, path)
    const settled = await settleDoubt(context, live, ready, standing)
    if (settled) return settled
  }
  if (ready.approved && ready.approved.length > 1 && standing.applied.length === 0) {
    const drifted = await recordAgain(context, live, ready, null)
    if (drifted) return drifted
  }
  const tried = await tryUntilDone(context, live, ready, standing)
  if (tried.unmet) return askForMore(context, live, { ...ready, path }, tried.unmet)
  if (tried.asked) return askInCall(context, live, ready, tried.asked)
  if (tried.refused) return (await recordAgain(context, live, ready, tried.refused)) ?? lied(ready, tried.refused)
  if (tried.outcome.kind === 'failed' && tried.outcome.error.code === UNCERTAIN)
    return askWhatHappened(context, live, ready, tried.outcome.error.message)
  return tried.outcome
}

function lied(ready: Ready, change: Change): Outcome {
  const message = `${ready.tool.title} tried something it had not shown (${change.summary}). It was stopped before that change.`
  return failedOutcome(ready.frame.path, new LifeOsError('change-not-approved', message, { applied: 'no' }), ready.labels)
}

/** Records the call against the world as it is. What is new since the approval is put to the person, both shown. */
async function recordAgain(context: RunsContext, live: LiveRun, ready: Ready, refusedChange: Change | null): Promise<Outcome | null> {
  const { path, signal } = ready.frame
  const approved = ready.approved ?? []
  const recorded = await recordCall(context, live, {
    tool: ready.tool,
    acting: ready.acting,
    path,
    input: ready.input,
    key: ready.key,
    labels: ready.labels,
    privateTo: ready.privateTo,
    denies: ready.denies,
    needs: ready.needs,
    overlay: context.deps.host.createOverlay(),
    signal,
  })
  if (recorded.unmet) return askForMore(context, live, { ...ready, path }, recorded.unmet)
  if (recorded.error) return failedOutcome(path, recorded.error, ready.labels)
  const isNew = (change: Change) =>
    !approved.some((shown) => isApproved(shown, change)) && !(change.kind === 'folder-make' && ready.madeFolders.has(change.path))
  const extra = recorded.recording.changes.filter(isNew)
  if (extra.length === 0 || (refusedChange && !extra.some((change) => changeKey(change) === changeKey(refusedChange)))) return null
  const preview = stepPreview(live, path, recorded.recording.changes, ready.labels)
  const before = stepPreview(live, path, approved, ready.labels)
  const message = `Something changed since you approved this step: now it would do "${extra[0]?.summary ?? ''}".`
  await ask(context, live, {
    step: path,
    kind: 'drift',
    title: `${ready.tool.title} would now do something else`,
    message,
    preview,
    before,
    subject: subjectOf(context, ready.acting, ready.tool.id, ready.input) ?? null,
    labels: ready.labels,
  })
  return SUSPENDED
}

/** An earlier try was cut off and some effect cannot be accounted for. */
async function settleDoubt(context: RunsContext, live: LiveRun, ready: Ready, standing: Standing): Promise<Outcome | null> {
  if (standing.unknown.length === 0 || mayRepeat(ready.tool, standing)) return null
  const { path } = ready.frame
  const answer = takeAnswer(live, path)
  if (answer?.answer === 'stop') return failWith(path, 'stopped-by-person', 'You stopped the run here.', ready.labels)
  if (answer?.answer === 'not-done' || answer?.answer === 'done') {
    const applied = answer.answer === 'done' ? 'yes' : 'no'
    for (const effect of standing.unknown) {
      const patch = { state: applied === 'yes' ? 'finished' : 'not-applied' }
      live.note({ type: 'effect-reconciled', path, effect: effect.id, applied }, { kind: 'effect-update', id: effect.id, patch })
    }
    if (applied === 'no') return null
    const value = answer.output ? await valueOf(context.deps.store.blobs, answer.output) : null
    live.note({ type: 'step-finished', path, output: await recordValue(context.deps.store.blobs, live.id, value, ready.labels) })
    return valueOutcome(value, ready.labels)
  }
  const own = ready.tool.reconciles ? await reconcileByTool(context, live, ready, standing) : null
  return own ?? askWhatHappened(context, live, ready, `${ready.tool.title} was cut off and nobody can tell whether it happened.`)
}

async function reconcileByTool(context: RunsContext, live: LiveRun, ready: Ready, standing: Standing): Promise<Outcome | null> {
  const recording = { changes: [], warnings: [], unknown: false }
  const scope = {
    run: live.id,
    path: ready.frame.path,
    try: 0,
    plugin: ready.tool.plugin,
    pluginVersion: ready.tool.version,
    tool: ready.tool.id,
    key: ready.key,
    effect: 'read' as const,
    reversal: 'none' as const,
    allowed: ready.needs,
    labels: ready.labels,
    seen: ready.seen,
    privateTo: ready.privateTo,
    denies: ready.denies,
  }
  const services = context.deps.host.recording(scope, context.deps.host.createOverlay(), recording) // it may look, never act
  const call = { key: ready.key, phase: 'run' as const, services, signal: ready.frame.signal, timeout: 60_000, labels: ready.labels }
  const found = await context.toolbox.reconcile(ready.tool, call, ready.input, standing.unknown)
  if (found.applied === 'unknown') return null
  const state = found.applied === 'yes' ? 'finished' : 'not-applied'
  for (const effect of standing.unknown)
    live.note(
      { type: 'effect-reconciled', path: ready.frame.path, effect: effect.id, applied: found.applied },
      { kind: 'effect-update', id: effect.id, patch: { state } },
    )
  if (found.applied === 'no') {
    standing.unknown.length = 0
    return null
  }
  live.note({
    type: 'step-finished',
    path: ready.frame.path,
    output: await recordValue(context.deps.store.blobs, live.id, found.output ?? null, ready.labels),
  })
  return valueOutcome(found.output ?? null, ready.labels)
}

async function askWhatHappened(context: RunsContext, live: LiveRun, ready: Ready, message: string): Promise<Outcome> {
  const { path } = ready.frame
  live.note({ type: 'try-uncertain', path, try: live.fold.steps.get(path)?.tries ?? 1, reason: message })
  await ask(context, live, {
    step: path,
    kind: 'uncertain',
    title: `Did ${ready.tool.title} happen?`,
    message,
    output: ready.tool.output,
    subject: subjectOf(context, ready.acting, ready.tool.id, ready.input) ?? null,
    labels: ready.labels,
  })
  return SUSPENDED
}

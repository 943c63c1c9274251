import {
  LifeOsError,
  joinLabels,
  milliseconds,
  type Change,
  type Labels,
  type Need,
  type ToolDescription,
  type ToolStep,
} from '@life-os/contract'
import { evaluate, type Evaluated, type Scope } from '../plans/index.ts'
import { changeKey } from './change-key.ts'
import type { RunsContext } from './context.ts'
import { mayRepeat, standingOf, type Standing } from './cut-off.ts'
import { finishedOutcome } from './finished.ts'
import { canonicalHash, effectKey } from './hash.ts'
import type { LiveRun } from './live.ts'
import { SUSPENDED, failWith, failedOutcome, valueOutcome, type Outcome } from './outcome.ts'
import { ask } from './questions.ts'
import { recordValue, valueOf } from './record.ts'
import { rollBackEffects } from './roll-back.ts'
import { recordCall, stepPreview } from './simulate-step.ts'
import { UNCERTAIN, tryUntilDone, type Ready } from './tries.ts'
import { waitStep } from './waiting.ts'
import type { Frame, World } from './world.ts'

/** The world in which things happen: every call judged, every effect journaled, every doubt put to a person. */
export function createRealWorld(context: RunsContext, live: LiveRun): World {
  const { deps } = context
  const madeFolders = foldersIn(live.approved)
  const world: World = {
    phase: 'run',
    run: { id: live.id, startedAt: live.row.created_at },
    halted: () => live.halt !== null,
    note: (event) => live.note(event),
    plan: (id) => live.frozen.plans[id],
    finished: (path) => finishedOutcome(context, live, path),
    async finish(path, value, labels) {
      live.note({ type: 'step-finished', path, output: await recordValue(deps.store.blobs, live.id, value, labels) })
    },
    callTool: (step, input, scope, frame) => callTool(context, live, madeFolders, step, input, scope, frame),
    approve: (step, message, frame) => approveStep(context, live, message, step.role, step.expires, frame),
    wait: (step, scope, frame) => waitStep(context, live, step, scope, frame),
    async askAboutError(path, failed) {
      if (live.fold.steps.get(path)?.approval) return 'suspended'
      const answer = takeAnswer(live, path)
      if (answer?.answer === 'retry' || answer?.answer === 'continue' || answer?.answer === 'stop') return answer.answer
      await ask(context, live, { step: path, kind: 'error', title: `${path} failed`, message: failed.error.message, labels: failed.labels })
      return 'suspended'
    },
    rollBack: (path, frame) => rollBackEffects(context, live, path, frame),
  }
  return world
}

function foldersIn(approved: ReadonlyMap<string, readonly Change[]> | null): ReadonlySet<string> {
  const folders = new Set<string>()
  for (const changes of approved?.values() ?? []) for (const change of changes) if (change.kind === 'folder-make') folders.add(change.path)
  return folders
}

async function callTool(
  context: RunsContext,
  live: LiveRun,
  madeFolders: ReadonlySet<string>,
  step: ToolStep,
  given: Evaluated,
  scope: Scope,
  frame: Frame,
): Promise<Outcome> {
  const { path } = frame
  const labels = joinLabels(frame.labels, given.labels)
  const asked = standingQuestion(live, path, labels)
  if (asked) return asked
  if (!given.known) return failWith(path, 'input-unknown', 'The input of this step is not known, so it cannot run.', labels)
  if (live.options.unticked.includes(path)) {
    live.note({ type: 'step-skipped', path, reason: 'unticked', labels: [...labels] })
    return valueOutcome(null, labels)
  }
  const tool = context.toolbox.describe(step.tool)
  if (!tool) return failWith(path, 'tool-unknown', `There is no tool ${step.tool}. Enable the plugin that brings it.`, labels)
  const approved = live.approved?.get(path)
  const needs = await context.toolbox.needs(tool, given.value)
  const { decision } = await context.deps.gate.judge({
    actor: live.actor,
    run: live.id,
    plan: live.row.plan_id,
    mode: live.mode,
    tool,
    input: given.value,
    labels,
    approved: approved !== undefined,
    needs,
  })
  if (decision.verdict === 'deny') return refused(context, live, tool, path, decision.rule, decision.message, labels)
  const itemKey = step.key ? evaluate(step.key, scope) : null
  const ready: Ready = {
    step,
    tool,
    input: given.value,
    inputHash: canonicalHash(given.value),
    key: effectKey(live.id, path, itemKey?.known ? String(itemKey.value) : null),
    labels,
    needs,
    approved: approved ?? (live.mode === 'autopilot' ? undefined : []),
    madeFolders,
    frame,
  }
  if (decision.verdict === 'ask') return askFirst(context, live, ready, decision.missing, decision.message)
  auditAllowed(live, tool, path, decision.rule)
  return perform(context, live, ready)
}

/** A question about this step that is still open, or that was answered with no. */
function standingQuestion(live: LiveRun, path: string, labels: Labels): Outcome | null {
  const record = live.fold.steps.get(path)
  if (record?.approval) return SUSPENDED
  const answer = record?.answer?.answer
  if (answer !== 'refused' && answer !== 'expired') return null
  const reason = record?.answer?.reason
  const message =
    answer === 'expired'
      ? 'Nobody answered in time. Retry from this step to be asked again.'
      : `${record?.answer?.by} refused this step${reason ? `: ${reason}` : '.'}`
  takeAnswer(live, path)
  return failedOutcome(
    path,
    new LifeOsError(answer === 'expired' ? 'approval-expired' : 'approval-refused', message, { applied: 'no' }),
    labels,
  )
}

function refused(
  context: RunsContext,
  live: LiveRun,
  tool: ToolDescription,
  path: string,
  rule: string,
  message: string,
  labels: Labels,
): Outcome {
  live
    .commit(null, {
      kind: 'audit',
      record: { kind: 'decision', actor: live.actor.id, run: live.id, step: path, tool: tool.id, verdict: 'deny', rule, data: {} },
    })
    .catch((error: unknown) => context.deps.logger.error({ error: String(error) }, 'an audit record was not written'))
  return failedOutcome(
    path,
    new LifeOsError(rule === 'emergency-stop' ? rule : 'gate-refused', message, { applied: 'no', details: { rule } }),
    labels,
  )
}

function auditAllowed(live: LiveRun, tool: ToolDescription, path: string, rule: string): void {
  if (tool.effect === 'read' && rule === 'read-free') return // nothing was touched and nobody was asked
  live.record({
    kind: 'audit',
    record: { kind: 'decision', actor: live.actor.id, run: live.id, step: path, tool: tool.id, verdict: 'allow', rule, data: {} },
  })
}

async function askFirst(context: RunsContext, live: LiveRun, ready: Ready, missing: Need[], message: string): Promise<Outcome> {
  const { tool, frame, labels } = ready
  if (tool.effect === 'read') {
    await ask(context, live, {
      step: frame.path,
      kind: 'permission',
      title: `${tool.title} needs your permission`,
      message,
      needs: missing,
      labels,
    })
    return SUSPENDED
  }
  const recorded = await recordCall(context, live, {
    tool,
    path: frame.path,
    input: ready.input,
    key: ready.key,
    labels,
    needs: ready.needs,
    overlay: context.deps.host.createOverlay(),
    signal: frame.signal,
  })
  if (recorded.error) return failedOutcome(frame.path, recorded.error, labels)
  const preview = stepPreview(live, frame.path, recorded.recording.changes, labels)
  await ask(context, live, {
    step: frame.path,
    kind: 'step',
    title: `${tool.title}: approve this step`,
    message,
    needs: missing,
    preview,
    labels,
  })
  return SUSPENDED
}

async function perform(context: RunsContext, live: LiveRun, ready: Ready): Promise<Outcome> {
  const { path } = ready.frame
  const record = live.fold.steps.get(path)
  let standing: Standing = { applied: [], unknown: [] }
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
    path,
    input: ready.input,
    key: ready.key,
    labels: ready.labels,
    needs: ready.needs,
    overlay: context.deps.host.createOverlay(),
    signal,
  })
  if (recorded.error) return failedOutcome(path, recorded.error, ready.labels)
  const known = new Set(approved.map(changeKey))
  const isNew = (change: Change) => !known.has(changeKey(change)) && !(change.kind === 'folder-make' && ready.madeFolders.has(change.path))
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
    labels: ready.labels,
  })
  return SUSPENDED
}

/** An answer counts once: it is taken from the fold when it is acted on. */
export function takeAnswer(live: LiveRun, path: string) {
  const record = live.fold.steps.get(path)
  const answer = record?.answer ?? null
  if (record) record.answer = null
  return answer
}

async function approveStep(
  context: RunsContext,
  live: LiveRun,
  message: string,
  role: 'member' | 'admin' | undefined,
  expires: string | undefined,
  frame: Frame,
): Promise<Outcome> {
  const { path, labels } = frame
  const answer = takeAnswer(live, path)
  if (answer?.answer === 'approved') {
    const value = { approved: true, by: answer.by, reason: answer.reason ?? '' }
    live.note({ type: 'step-finished', path, output: { value, labels: [...labels] } })
    return valueOutcome(value, labels)
  }
  if (answer)
    return failedOutcome(
      path,
      new LifeOsError(
        answer.answer === 'expired' ? 'approval-expired' : 'approval-refused',
        answer.reason ?? `${answer.by} refused this step.`,
      ),
      labels,
    )
  if (live.fold.steps.get(path)?.state === 'waiting') return SUSPENDED
  await ask(context, live, {
    step: path,
    kind: 'step',
    title: message,
    message,
    ...(role && { role }),
    ...(expires && { expires: milliseconds(expires) }),
    labels,
  })
  return SUSPENDED
}

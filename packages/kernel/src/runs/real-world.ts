import {
  LifeOsError,
  joinLabels,
  milliseconds,
  type Change,
  type Decision,
  type Labels,
  type ToolDescription,
  type ToolStep,
} from '@life-os/contract'
import { STANDING_RULES } from '../gate/index.ts'
import { evaluate, type Evaluated, type Scope } from '../plans/index.ts'
import type { RunsContext } from './context.ts'
import { placesOf } from './change-key.ts'
import { finishedOutcome } from './finished.ts'
import { canonicalHash, effectKey } from './hash.ts'
import { judgeLabelled, sourcesOf } from './label-flow.ts'
import type { LiveRun } from './live.ts'
import { askForMore } from './permission-requests.ts'
import { onceOf, planKey } from './plan-subject.ts'
import { SUSPENDED, failWith, failedOutcome, valueOutcome, type Outcome } from './outcome.ts'
import { perform } from './perform.ts'
import { ask, takeAnswer } from './questions.ts'
import { recordValue } from './record.ts'
import { rollBackEffects } from './roll-back.ts'
import { recordCall, stepPreview } from './simulate-step.ts'
import type { Ready } from './tries.ts'
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
  const judged = await judgeLabelled(
    context.labels,
    context.deps.plugins,
    tool,
    joinLabels(labels, await context.toolbox.labels(tool, given.value)),
    (carried) =>
      context.deps.gate.judge({
        actor: live.actor,
        run: live.id,
        plan: planKey(live),
        mode: live.mode,
        tool,
        input: given.value,
        labels: carried,
        sources: sourcesOf(live, carried),
        approved: approved !== undefined,
        needs,
        once: onceOf(live, path),
      }),
  )
  const { decision, allowed } = judged
  if (decision.verdict === 'deny') return refused(context, live, tool, path, decision, judged.labels)
  using seen = context.labels.begin(tool.plugin, judged.labels, sourcesOf(live, judged.labels))
  const itemKey = step.key ? evaluate(step.key, scope) : null
  const ready: Ready = {
    step,
    tool,
    input: given.value,
    inputHash: canonicalHash(given.value),
    key: effectKey(live.id, path, itemKey?.known ? String(itemKey.value) : null),
    get labels() {
      return seen.current
    },
    seen,
    privateTo: [...judged.privateTo, ...placesOf(approved ?? [])],
    denies: judged.denies,
    needs: allowed,
    approved: approved ?? (live.mode === 'autopilot' ? undefined : []),
    madeFolders,
    frame,
  }
  if (decision.verdict === 'ask') return await askFirst(context, live, ready, decision)
  auditAllowed(live, tool, path, decision)
  return await perform(context, live, ready) // the call's labels end with it
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
  { rule, message, grants }: Decision,
  labels: Labels,
): Outcome {
  live
    .commit(null, {
      kind: 'audit',
      record: { kind: 'decision', actor: live.actor.id, run: live.id, step: path, tool: tool.id, verdict: 'deny', rule, data: { grants } },
    })
    .catch((error: unknown) => context.deps.logger.error({ error: String(error) }, 'an audit record was not written'))
  return failedOutcome(
    path,
    new LifeOsError(rule === 'emergency-stop' ? rule : 'gate-refused', message, { applied: 'no', details: { rule, grants } }),
    labels,
  )
}

function auditAllowed(live: LiveRun, tool: ToolDescription, path: string, { rule, grants }: Decision): void {
  if (tool.effect === 'read' && rule === 'read-free') return // nothing was touched and nobody was asked
  live.record({
    kind: 'audit',
    record: { kind: 'decision', actor: live.actor.id, run: live.id, step: path, tool: tool.id, verdict: 'allow', rule, data: { grants } },
  })
}

async function askFirst(context: RunsContext, live: LiveRun, ready: Ready, decision: Decision): Promise<Outcome> {
  const { missing, message } = decision
  const standing = STANDING_RULES.has(decision.rule)
  const { tool, frame, labels } = ready
  if (tool.effect === 'read') {
    await ask(context, live, {
      step: frame.path,
      kind: 'permission',
      title: `${tool.title} needs your permission`,
      message,
      needs: missing,
      standing,
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
    privateTo: ready.privateTo,
    denies: ready.denies,
    needs: ready.needs,
    overlay: context.deps.host.createOverlay(),
    signal: frame.signal,
  })
  if (recorded.unmet) return askForMore(context, live, { ...ready, path: frame.path }, recorded.unmet)
  if (recorded.error) return failedOutcome(frame.path, recorded.error, recorded.labels)
  const preview = stepPreview(live, frame.path, recorded.recording.changes, recorded.labels)
  await ask(context, live, {
    step: frame.path,
    kind: 'step',
    title: `${tool.title}: approve this step`,
    message,
    needs: missing,
    role: context.deps.gate.roleFor(ready.needs),
    standing,
    preview,
    labels: recorded.labels,
  })
  return SUSPENDED
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

import { LifeOsError, joinLabels, type Decision, type Labels, type Need, type ToolDescription, type ToolStep } from '@life-os/contract'
import { STANDING_RULES } from '../../gate/index.ts'
import { evaluate, type Evaluated, type Scope } from '../../plans/index.ts'
import { actingIn, judgeActing, subjectOf, type Acting } from '../acting.ts'
import { isAskedInCall } from './call-questions.ts'
import { placesOf } from '../record/change-key.ts'
import type { RunsContext } from '../context.ts'
import { canonicalHash, effectKey } from '../hash.ts'
import { judgeLabelled, sourcesOf } from './label-flow.ts'
import type { LiveRun } from '../live.ts'
import { SUSPENDED, failWith, failedOutcome, valueOutcome, type Outcome } from '../interpreter/outcome.ts'
import { perform } from './perform.ts'
import { askForMore } from '../questions/permission-requests.ts'
import { onceOf } from '../questions/plan-subject.ts'
import { ask, takeAnswer } from '../questions/questions.ts'
import { recordCall, stepPreview } from './simulate-step.ts'
import type { Ready } from './ready.ts'
import type { Frame } from '../interpreter/world.ts'

/** Makes a tool's call in the real world: judged first, then asked for, refused or performed. */
export async function callTool(
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
  const acting = actingIn(live, frame)
  const approved = live.approved?.get(path)
  const needs = await context.toolbox.needs(tool, given.value)
  const judged = await judgeLabelled(
    context.labels,
    context.deps.plugins,
    tool,
    joinLabels(labels, await context.toolbox.labels(tool, given.value)),
    (carried) =>
      judgeActing(context, live, acting, {
        tool,
        input: given.value,
        labels: carried,
        sources: sourcesOf(live, carried),
        approved: approved !== undefined,
        needs,
        once: onceOf(live, path),
        chosen: labels,
      }),
  )
  const { decision, allowed, unread } = judged
  if (decision.verdict === 'deny') return refused(context, live, { tool, path, acting }, decision, judged.labels)
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
    acting,
  }
  if (decision.verdict === 'ask') return await askFirst(context, live, { ...ready, unread }, decision)
  auditAllowed(live, ready, decision)
  return await perform(context, live, ready) // the call's labels end with it
}

/** A question about this step that is still open, or that was answered with no. */
function standingQuestion(live: LiveRun, path: string, labels: Labels): Outcome | null {
  const record = live.fold.steps.get(path)
  if (record?.approval || isAskedInCall(live, path)) return SUSPENDED
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
  { tool, path, acting }: { tool: ToolDescription; path: string; acting: Acting },
  { rule, message, grants }: Decision,
  labels: Labels,
): Outcome {
  live
    .commit(null, {
      kind: 'audit',
      record: {
        kind: 'decision',
        actor: acting.actor.id,
        run: live.id,
        step: path,
        tool: tool.id,
        verdict: 'deny',
        rule,
        data: { grants },
      },
    })
    .catch((error: unknown) => context.deps.logger.error({ error: String(error) }, 'an audit record was not written'))
  return failedOutcome(
    path,
    new LifeOsError(rule === 'emergency-stop' ? rule : 'gate-refused', message, { applied: 'no', details: { rule, grants } }),
    labels,
  )
}

function auditAllowed(live: LiveRun, { tool, frame, acting }: Ready, { rule, grants }: Decision): void {
  if (tool.effect === 'read' && rule === 'read-free') return // nothing was touched and nobody was asked
  live.record({
    kind: 'audit',
    record: {
      kind: 'decision',
      actor: acting.actor.id,
      run: live.id,
      step: frame.path,
      tool: tool.id,
      verdict: 'allow',
      rule,
      data: { grants },
    },
  })
}

async function askFirst(
  context: RunsContext,
  live: LiveRun,
  ready: Ready & { unread: readonly Need[] },
  decision: Decision,
): Promise<Outcome> {
  const { missing, message } = decision
  const standing = STANDING_RULES.has(decision.rule)
  const { tool, frame, labels, acting } = ready
  const subject = subjectOf(context, acting, tool.id, ready.input) ?? null
  if (tool.effect === 'read') {
    await ask(context, live, {
      step: frame.path,
      kind: 'permission',
      title: `${tool.title} needs your permission`,
      message,
      needs: missing,
      standing,
      subject,
      labels,
    })
    return SUSPENDED
  }
  const recorded = await recordCall(context, live, {
    tool,
    acting,
    path: frame.path,
    input: ready.input,
    key: ready.key,
    labels,
    privateTo: ready.privateTo,
    denies: ready.denies,
    needs: ready.needs,
    unread: ready.unread,
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
    subject,
    preview,
    labels: recorded.labels,
  })
  return SUSPENDED
}

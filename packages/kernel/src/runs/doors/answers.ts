import { isDeepStrictEqual } from 'node:util'
import {
  LifeOsError,
  type Actor,
  type AnswerApproval,
  type Approval,
  type ApprovalDetail,
  type Preview,
  type RunEvent,
} from '@life-os/contract'
import type { ApprovalRow, JournalWrite } from '../../store/index.ts'
import { checkPermission } from '../../gate/index.ts'
import { checkOutput } from '../agents/questions.ts'
import { finish } from '../record/conclude.ts'
import { wellFormed } from '../../schemas/index.ts'
import type { RunsContext } from '../context.ts'
import { allowForRun, grantInputs, readInputs } from '../creation/given.ts'
import type { Engine, Prelude } from '../drive/engine.ts'
import type { LiveRun } from '../live.ts'
import { recordValue } from '../record/record.ts'
import { checkOffer, rememberAnswer } from '../questions/remember.ts'
import { sameRest, stepsWithout } from './selection.ts'

type Answer = Extract<RunEvent, { type: 'approval-answered' }>['answer']

const ALLOWED: Record<Approval['kind'], readonly AnswerApproval['answer'][]> = {
  preview: ['approve', 'refuse'],
  permission: ['approve', 'refuse'],
  drift: ['approve', 'refuse'],
  step: ['approve', 'refuse'],
  secret: ['approve', 'refuse'],
  review: ['approve', 'refuse', 'done'],
  question: ['done', 'refuse'],
  uncertain: ['done', 'not-done', 'stop'],
  error: ['retry', 'continue', 'stop'],
}
const JOURNALED: Record<AnswerApproval['answer'], Answer> = {
  approve: 'approved',
  refuse: 'refused',
  done: 'done',
  'not-done': 'not-done',
  stop: 'stop',
  retry: 'retry',
  continue: 'continue',
}

/** Takes a person's answer in and lets the run go on with it. */
export async function answerApproval(
  context: RunsContext,
  engine: Engine,
  id: string,
  given: AnswerApproval,
  actor: Actor,
): Promise<string> {
  const answer = wellFormed(given, /\0/g) // words that no database keeps would end the run and not only the answer
  const row = await waiting(context, id)
  if (row.hash !== answer.hash) throw new LifeOsError('approval-stale', 'What was shown has changed since. Look at it again, then answer.')
  const kind = row.kind as Approval['kind'] // the column holds what ask() wrote
  checkOffer(row, answer)
  if (!ALLOWED[kind].includes(answer.answer))
    throw new LifeOsError('answer-invalid', `This question takes one of: ${ALLOWED[kind].join(', ')}.`)
  if (answer.answer === 'done' && (kind === 'review' || kind === 'question')) checkOutput(row, answer.output)
  if (kind === 'preview')
    return answer.answer === 'approve'
      ? approvePreview(context, engine, row, answer, actor)
      : refusePreview(context, engine, row, answer, actor)
  await engine.execute(row.run, async (live) => {
    await waiting(context, id)
    await rememberStep(context, live, row, answer, actor)
    const output = answer.output === undefined ? undefined : await recordValue(context.deps.store.blobs, live.id, answer.output, [])
    await live.commit(
      answered(row, JOURNALED[answer.answer], actor, answer.reason, output),
      ...closing(context, row, answer.answer === 'refuse' ? 'refused' : 'approved', actor, answer.reason, live),
    )
  })
  return row.run
}

async function waiting(context: RunsContext, id: string): Promise<ApprovalRow> {
  const row = await context.deps.gate.approvals.row(id)
  if (row.state !== 'waiting') throw new LifeOsError('approval-answered', `This was already answered (${row.state}).`)
  return row
}

function answered(
  row: ApprovalRow,
  answer: Answer,
  actor: Actor,
  reason?: string,
  output?: Awaited<ReturnType<typeof recordValue>>,
): RunEvent {
  return {
    type: 'approval-answered',
    path: row.step,
    approval: row.id,
    answer,
    by: actor.name ?? actor.id,
    ...(reason && { reason }),
    ...(output && { output }),
  }
}

function closing(
  context: RunsContext,
  row: ApprovalRow,
  state: 'approved' | 'refused' | 'expired',
  actor: Actor,
  reason: string | undefined,
  live: LiveRun,
): JournalWrite[] {
  const patch = { state, answered_at: context.deps.clock.now(), answered_by: actor.name ?? actor.id, reason: reason ?? null }
  return [
    { kind: 'approval-update', id: row.id, patch },
    { kind: 'run-update', patch: { approval: null, state: 'running', options_json: JSON.stringify(live.options) } },
    { kind: 'topic', topic: 'approval.answered', data: { approval: row.id, run: row.run, answer: state } },
    {
      kind: 'audit',
      record: {
        kind: 'approval',
        actor: actor.id,
        run: row.run,
        step: row.step,
        tool: null,
        verdict: state === 'approved' ? 'allow' : 'deny',
        rule: `approval-${state}`,
        data: { approval: row.id, hash: row.hash, ...(reason && { reason }) },
      },
    },
  ]
}

/** A yes to a step binds it to what was shown; what else is remembered, the answer says. */
async function rememberStep(context: RunsContext, live: LiveRun, row: ApprovalRow, answer: AnswerApproval, actor: Actor): Promise<void> {
  const preview = row.revision === null ? undefined : await context.deps.gate.previews.load(row.run, row.revision)
  if (answer.answer === 'approve' && preview && row.revision !== null) {
    refuseFinal(preview, answer)
    live.options.steps[row.step] = row.revision
  }
  await rememberAnswer(context, live, row, answer, preview, actor)
}

function refuseFinal(preview: Preview, answer: AnswerApproval): void {
  const { final } = preview.summary.totals
  if (final === 0 || answer.final) return
  throw new LifeOsError('final-needs-word', `${final} of these changes cannot be undone. Approve final changes explicitly, or untick them.`)
}

async function approvePreview(
  context: RunsContext,
  engine: Engine,
  row: ApprovalRow,
  answer: AnswerApproval,
  actor: Actor,
): Promise<string> {
  const { gate } = context.deps
  let current = row
  if (answer.except.length > 0 || answer.exceptGlobs.length > 0) {
    const before = await gate.previews.load(row.run, row.revision ?? 0)
    const detail = await untickApproval(context, engine, row.id, answer.except, answer.exceptGlobs)
    if (!detail.preview || !sameRest(before, detail.preview)) {
      throw new LifeOsError(
        'approval-changed',
        'Without those, other changes would happen than the ones you saw. Look at the new preview and approve it.',
        { details: { approval: detail.id } },
      )
    }
    current = await waiting(context, detail.id)
  }
  const preview = await gate.previews.load(current.run, current.revision ?? 0)
  refuseFinal(preview, answer)
  await engine.execute(current.run, async (live) => {
    await waiting(context, current.id)
    live.options.approved = { revision: current.revision ?? 0, final: answer.final }
    await rememberAnswer(context, live, current, answer, preview, actor)
    await live.commit(
      answered(current, 'approved', actor, answer.reason),
      ...closing(context, current, 'approved', actor, answer.reason, live),
      { kind: 'run-update', patch: { started_at: context.deps.clock.now() } },
    )
    live.note(
      { type: 'run-started', epoch: live.epoch },
      { kind: 'topic', topic: 'run.started', data: { run: live.id, plan: live.row.plan_id } },
    )
  })
  return current.run
}

async function refusePreview(
  context: RunsContext,
  engine: Engine,
  row: ApprovalRow,
  answer: AnswerApproval,
  actor: Actor,
): Promise<string> {
  await engine.touch(row.run, async (live) => {
    await waiting(context, row.id)
    const preview = row.revision === null ? undefined : await context.deps.gate.previews.load(row.run, row.revision)
    await rememberAnswer(context, live, row, answer, preview, actor)
    await live.commit(answered(row, 'refused', actor, answer.reason), ...closing(context, row, 'refused', actor, answer.reason, live))
    const error = new LifeOsError(
      'approval-refused',
      answer.reason ? `Refused: ${answer.reason}` : 'The preview was refused. Nothing was changed.',
    ).toShape()
    await finish(context, live, { type: 'run-finished', state: 'cancelled', error })
  })
  return row.run
}

/** Skips steps and previews the rest again; the old approval is withdrawn, the new one is answered with its own hash. */
export async function untickApproval(
  context: RunsContext,
  engine: Engine,
  id: string,
  except: readonly string[],
  globs: readonly string[],
): Promise<ApprovalDetail> {
  const row = await waiting(context, id)
  if (row.kind !== 'preview' || row.revision === null)
    throw new LifeOsError('untick-invalid', 'Only a preview can be unticked. Approve or refuse this as a whole.')
  const preview = await context.deps.gate.previews.load(row.run, row.revision)
  const steps = stepsWithout(preview, except, globs)
  return previewAgain(context, engine, row, async (live) => {
    live.options.unticked = [...new Set([...live.options.unticked, ...steps])]
  })
}

/** Changes inputs or allows permissions for this run, and previews again. */
export async function editApproval(
  context: RunsContext,
  engine: Engine,
  id: string,
  inputs: Record<string, unknown> | undefined,
  allow: readonly string[],
  actor: Actor,
): Promise<ApprovalDetail> {
  const row = await waiting(context, id)
  if (row.kind !== 'preview') throw new LifeOsError('edit-invalid', 'Only a preview can be edited.')
  for (const permission of allow) checkPermission(permission)
  return previewAgain(context, engine, row, async (live) => {
    const { plan } = live.frozen
    const parsed = inputs === undefined ? null : await readInputs(context, plan, inputs)
    await grantInputs(context, live.id, parsed ? plan.inputs : {}, parsed ?? {}, actor)
    await allowForRun(context, live.id, allow, 'approval', actor)
    if (!parsed) return
    live.options.unticked = []
    const edited = {
      approval: row.id,
      run: row.run,
      by: actor.name ?? actor.id,
      inputs: changedIn(JSON.parse(live.row.inputs_json), parsed),
    }
    live.note(
      { type: 'step-reset', path: '' },
      { kind: 'run-update', patch: { inputs_json: JSON.stringify(parsed) } },
      { kind: 'topic', topic: 'approval.edited', data: edited },
    )
  })
}

/** Names of inputs that are other than before; their values stay with the run. */
function changedIn(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  return Object.keys(after).filter((name) => !isDeepStrictEqual(before[name], after[name]))
}

async function previewAgain(context: RunsContext, engine: Engine, row: ApprovalRow, change: Prelude): Promise<ApprovalDetail> {
  const run = await engine.preview(row.run, false, async (live) => {
    await waiting(context, row.id)
    await change(live)
    await live.commit(
      null,
      { kind: 'approval-update', id: row.id, patch: { state: 'withdrawn' } },
      { kind: 'run-update', patch: { options_json: JSON.stringify(live.options), approval: null, state: 'previewing' } },
    )
  })
  if (!run.approval)
    throw new LifeOsError('preview-failed', run.error?.message ?? 'The preview did not come to an end. Preview the plan again.')
  return context.deps.gate.approvals.get(run.approval)
}

const SYSTEM: Actor = { kind: 'system', id: 'system', name: 'Life-OS' }

/** Nobody answered in time. A waiting preview ends its run; a waiting step fails and its run decides. */
export async function expireApproval(context: RunsContext, engine: Engine, id: string): Promise<void> {
  const row = await context.deps.gate.approvals.row(id)
  if (row.state !== 'waiting') return
  const act: Prelude = async (live) => {
    await live.commit(answered(row, 'expired', SYSTEM), ...closing(context, row, 'expired', SYSTEM, undefined, live))
    if (row.kind !== 'preview') return
    await finish(context, live, {
      type: 'run-finished',
      state: 'cancelled',
      error: new LifeOsError('approval-expired', 'Nobody answered in time, so nothing was changed. Preview again when you like.').toShape(),
    })
  }
  await (row.kind === 'preview' ? engine.touch(row.run, act) : engine.execute(row.run, act))
}

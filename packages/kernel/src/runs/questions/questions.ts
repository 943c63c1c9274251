import type { Approval, JsonSchema, Labels, Need, Preview } from '@life-os/contract'
import { offersOf, type Offer } from '../../gate/index.ts'
import type { ApprovalRow } from '../../store/index.ts'
import type { RunsContext } from '../context.ts'
import { canonicalHash } from '../hash.ts'
import type { LiveRun } from '../live.ts'
import { rememberable } from './remember.ts'

export interface Question {
  step: string
  kind: Approval['kind']
  title: string
  message: string
  needs?: Need[]
  /** What is shown; its revision is stored and its hash binds the answer. */
  preview?: Preview
  before?: Preview
  output?: JsonSchema | null
  subject?: Approval['subject']
  role?: 'viewer' | 'member' | 'admin'
  /** A grant says to ask each time, so nothing narrower can be remembered. */
  standing?: boolean
  /** Milliseconds; the setting decides when absent. */
  expires?: number
  labels: Labels
}

const HOUR = 3_600_000

/** Puts a question to a person. Afterwards nothing is held for it: the run goes on when the answer comes. */
export async function ask(context: RunsContext, live: LiveRun, question: Question): Promise<string> {
  const { deps } = context
  const now = deps.clock.now()
  const settings = await deps.settings()
  const revision = question.preview ? await deps.gate.previews.save(question.preview, now) : null
  const beforeRevision = question.before ? await deps.gate.previews.save(question.before, now) : null
  const id = deps.newId()
  const needs = question.needs ?? []
  const hash =
    question.preview?.summary.hash ??
    canonicalHash({
      step: question.step,
      kind: question.kind,
      title: question.title,
      message: question.message,
      needs,
      ...(question.subject && { subject: question.subject }),
    })
  const row: ApprovalRow = {
    id,
    run: live.id,
    step: question.step,
    kind: question.kind,
    state: 'waiting',
    title: question.title,
    message: question.message,
    hash,
    role: question.role ?? roleOf(context, needs, question.preview),
    plan_id: live.row.plan_id,
    plan_name: live.row.plan_name,
    needs_json: JSON.stringify(needs),
    offers_json: JSON.stringify(offersFor(live, question)),
    output_json: question.output ? JSON.stringify(question.output) : null,
    subject_json: question.subject ? JSON.stringify(question.subject) : null,
    revision,
    before_revision: beforeRevision,
    created_at: now,
    expires_at: now + (question.expires ?? settings.approvalHours * HOUR),
    answered_at: null,
    answered_by: null,
    reason: null,
    labels: JSON.stringify(question.labels),
  }
  await live.commit(
    { type: 'approval-requested', path: question.step, approval: id },
    { kind: 'approval-insert', row },
    { kind: 'run-update', patch: { approval: id } },
    { kind: 'topic', topic: 'approval.requested', data: { approval: id, run: live.id, kind: question.kind, title: question.title } },
    {
      kind: 'audit',
      record: {
        kind: 'approval',
        actor: live.actor.id,
        run: live.id,
        step: question.step,
        tool: null,
        verdict: 'ask',
        rule: question.kind,
        data: { approval: id, hash },
      },
    },
  )
  return id
}

function offersFor(live: LiveRun, question: Question): Offer[] {
  if (question.standing || live.row.kind === 'undo') return []
  return offersOf(rememberable(live, question.kind, question.needs ?? [], question.preview))
}

/** What runs with this person's own power is an administrator's to allow, wherever it stands. */
function roleOf(context: RunsContext, needs: readonly Need[], preview: Preview | undefined): 'member' | 'admin' {
  const bare = preview?.changes.some(({ change }) => change.kind === 'command-run' && !change.sandboxed) ?? false
  return bare ? 'admin' : context.deps.gate.roleFor(needs)
}

/** An answer counts once: it is taken from the fold when it is acted on. */
export function takeAnswer(live: LiveRun, path: string) {
  const record = live.fold.steps.get(path)
  const answer = record?.answer ?? null
  if (record) record.answer = null
  return answer
}

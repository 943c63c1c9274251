import { LifeOsError, milliseconds, type Change } from '@life-os/contract'
import { callAgent, frozenAgent } from '../agents/call-agent.ts'
import { startPlan } from '../agents/children.ts'
import { agentQuestion } from '../agents/questions.ts'
import { callTool } from '../calls/call-tool.ts'
import type { RunsContext } from '../context.ts'
import { finishedOutcome } from '../record/finished.ts'
import type { LiveRun } from '../live.ts'
import { SUSPENDED, failedOutcome, valueOutcome, type Outcome } from '../interpreter/outcome.ts'
import { ask, takeAnswer } from '../questions/questions.ts'
import { recordValue } from '../record/record.ts'
import { rollBackEffects } from '../calls/roll-back.ts'
import { waitStep } from './waiting.ts'
import type { Frame, World } from '../interpreter/world.ts'

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
    failure(path) {
      const record = live.fold.steps.get(path)
      return record?.state === 'continued' && record.error ? { kind: 'failed', error: record.error, path, labels: record.labels } : null
    },
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
    spent: (path) => live.spent(path),
    raised: (path) => live.fold.raised.get(path),
    agent: (id) => frozenAgent(live, id),
    callAgent: (step, input, scope, frame) => callAgent(context, world, step, input, scope, frame),
    question: (path, question, frame) => agentQuestion(context, live, path, question, frame),
    startPlan: (path, request, frame) => startPlan(context, live, path, request, frame),
  }
  return world
}

function foldersIn(approved: ReadonlyMap<string, readonly Change[]> | null): ReadonlySet<string> {
  const folders = new Set<string>()
  for (const changes of approved?.values() ?? []) for (const change of changes) if (change.kind === 'folder-make') folders.add(change.path)
  return folders
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

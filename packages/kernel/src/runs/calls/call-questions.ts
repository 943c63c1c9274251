import { LifeOsError, joinLabels } from '@life-os/contract'
import type { CallAnswer, CallQuestion, PluginCall } from '../../plugins/index.ts'
import { agentQuestion } from '../agents/questions.ts'
import { subjectOf } from '../acting.ts'
import type { RunsContext } from '../context.ts'
import type { LiveRun } from '../live.ts'
import { SUSPENDED, type Outcome } from '../interpreter/outcome.ts'
import { childPath } from '../interpreter/paths.ts'
import type { Ready } from './ready.ts'
import type { AgentQuestion } from '../interpreter/world.ts'

/** How a call ends that asked the person something: it is made again once they answered. */
export const INPUT_NEEDED = 'input-needed'
/** Of one step, however often its call is made again. */
const MOST = 10

export interface CallQuestions {
  ask: NonNullable<PluginCall['ask']>
  /** The first question of this try that nobody has answered. */
  open(): CallQuestion | null
}

/** What the server behind a tool asks in one try. An answer that the journal has is told at once, also after a restart. */
export function createCallQuestions(context: RunsContext, live: LiveRun, ready: Ready): CallQuestions {
  let open: CallQuestion | null = null
  return {
    open: () => open,
    async ask(question) {
      const known = live.fold.steps.get(placeOf(ready.frame.path, question))
      if (known?.state === 'done' || known?.answer) return answerOf(context, live, ready, question)
      if (askedAt(live, ready.frame.path).length >= MOST)
        throw new LifeOsError('questions-too-many', `One call asks a person ${MOST} times at most.`, { applied: 'unknown' })
      open ??= question
      return null
    },
  }
}

async function answerOf(context: RunsContext, live: LiveRun, ready: Ready, question: CallQuestion): Promise<CallAnswer | null> {
  const answered = await agentQuestion(context, live, placeOf(ready.frame.path, question), asked(context, ready, question), ready.frame)
  if (answered === 'suspended' || answered.answer === 'approved') return null
  return { answer: answered.answer, output: answered.output }
}

/** Puts the question to the person of the run; its words are a stranger's. */
export async function askInCall(context: RunsContext, live: LiveRun, ready: Ready, question: CallQuestion): Promise<Outcome> {
  const frame = { ...ready.frame, labels: joinLabels(ready.labels, ['untrusted']) }
  await agentQuestion(context, live, placeOf(frame.path, question), asked(context, ready, question), frame)
  return SUSPENDED
}

/** A question of this step's call is still open: the call is not made again before it is answered. */
export const isAskedInCall = (live: LiveRun, path: string): boolean => askedAt(live, path).some(({ approval }) => approval !== null)

function asked(context: RunsContext, { tool, input, acting }: Ready, { title, message, server, output }: CallQuestion): AgentQuestion {
  const subject = subjectOf(context, acting, tool.id, input) ?? { agent: null, tool: tool.id, input: null }
  return { kind: 'question', title, message, subject: { ...subject, server }, output }
}

const PLACE = 'asked-'
const placeOf = (path: string, { key }: CallQuestion): string => childPath(path, `${PLACE}${key}`)

function askedAt(live: LiveRun, path: string) {
  const start = childPath(path, PLACE)
  return [...live.fold.steps.values()].filter((step) => step.path.startsWith(start))
}

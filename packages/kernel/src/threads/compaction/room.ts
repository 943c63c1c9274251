import type { Actor, Labels } from '@life-os/contract'
import type { MessageRow, ThreadRow } from '../../store/index.ts'
import type { ThreadsContext } from '../context.ts'
import { historyOf } from '../turn/history.ts'
import { chooseUntil } from './choose.ts'
import { tokensOf } from './estimate.ts'
import { makeCompaction } from './make.ts'
import { compactionOf, isTakenBack } from './stored.ts'

/** Below it no thread is long, whatever the model. */
const SHORT = 2_000 // tokens
/** What a model takes in where nobody knows. */
const USUAL_CONTEXT = 8_192
/** Beyond it telling everything costs more than it helps. */
const MOST_TOLD = 100_000
/** Of what a model takes in: from here a summary is made in time, from there at once, and there even if a person took it back. */
const SOON = 0.35
const NOW = 0.45
const AT_LAST = 0.9

export interface Room {
  /** Tokens. */
  context: number
  /** A model is there to write a summary. */
  served: boolean
}

/** What the model that would serve takes in. */
export async function roomFor({ deps }: ThreadsContext, thread: ThreadRow, labels: Labels): Promise<Room> {
  const route = await deps.models
    ?.route({
      ...(thread.model !== null && { model: thread.model }),
      capabilities: ['text'],
      asker: { person: thread.person, agent: thread.agent },
      labels,
    })
    .catch(() => null)
  return { context: Math.min(route?.model?.context ?? USUAL_CONTEXT, MOST_TOLD), served: Boolean(route?.model) }
}

/** Before a message is answered: a thread that would not fit is shortened at once, by rules, so that nobody waits. */
export async function fitBefore(context: ThreadsContext, thread: ThreadRow, branch: readonly MessageRow[]): Promise<void> {
  const until = await untilWhen(context, thread, branch, isTakenBack(thread) ? AT_LAST : NOW)
  if (until) await makeCompaction(context, { thread, branch, until: until.id, actor: null })
}

/** After an answer: one that becomes long is shortened by a model while nobody waits. */
export async function fitAfter(context: ThreadsContext, thread: ThreadRow, branch: readonly MessageRow[], actor: Actor): Promise<void> {
  if (isTakenBack(thread)) return
  const until = await untilWhen(context, thread, branch, SOON)
  if (until?.served) await makeCompaction(context, { thread, branch, until: until.id, actor })
}

async function untilWhen(context: ThreadsContext, thread: ThreadRow, branch: readonly MessageRow[], share: number) {
  const present = compactionOf(thread)
  const { messages, labels } = historyOf(branch, present)
  const tokens = tokensOf(messages)
  if (tokens < SHORT) return null
  const room = await roomFor(context, thread, labels)
  const id = tokens < room.context * share ? null : chooseUntil(branch, present, room.context)
  return id === null ? null : { id, served: room.served }
}

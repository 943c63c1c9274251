import type { TopicEvent } from '@life-os/contract'
import type { Events } from '../../events/index.ts'
import type { Redactor } from '../../secrets/index.ts'
import type { Store } from '../../store/index.ts'
import { madeByAnswer, madeByEdit, madeByUndo } from './made.ts'
import type { Made, MadeContext } from './made.ts'

export interface DecisionRecorderDependencies extends MadeContext {
  store: Pick<Store, 'db' | 'blobs' | 'transaction'>
  events: Events
  redactor: Redactor
  logger: { warn(data: object, message: string): void }
  /** After decisions were recorded. */
  onRecorded?(): Promise<unknown>
}

const POSITION = 'decisions-position'
/** Events without a decision that pass before the position is noted; what is read twice is recorded once. */
const NOTE_EVERY = 200

/**
 * Records what people decide, for learning: from the durable events, so that a restart loses and repeats nothing. What is
 * recorded says where and what sort of thing, never a content, and no secret; it stays in this store.
 */
export async function createDecisionRecorder(deps: DecisionRecorderDependencies): Promise<AsyncDisposable> {
  const { store, events } = deps
  const positions = await readPositions(store)
  const recorded = async (topic: string, event: TopicEvent, made: readonly Made[]): Promise<void> => {
    const since = event.seq - (positions[topic] ?? 0)
    if (made.length === 0 && since < NOTE_EVERY) return
    const next = { ...positions, [topic]: event.seq }
    await store.transaction(async (tx) => {
      for (const one of made)
        await tx
          .insertInto('decisions')
          .values(rowOf(one, deps.redactor))
          .onConflict((clash) => clash.column('id').doNothing())
          .execute()
      const value_json = JSON.stringify(next)
      await tx
        .insertInto('settings')
        .values({ key: POSITION, value_json })
        .onConflict((clash) => clash.column('key').doUpdateSet({ value_json }))
        .execute()
    })
    positions[topic] = event.seq
    if (made.length > 0) await deps.onRecorded?.()
  }
  let turn: Promise<void> = Promise.resolve() // both subscriptions write one position
  const listen = (pattern: string, read: (event: TopicEvent) => Promise<Made[]>) =>
    events.subscribe(
      pattern,
      (event) => {
        turn = turn
          .then(async () => recorded(pattern, event, await read(event)))
          .catch((error: unknown) => deps.logger.warn({ topic: event.topic, seq: event.seq, error }, 'a decision was not recorded'))
        return turn
      },
      positions[pattern] ?? 0,
    )
  const subscriptions = [listen('approval.*', (event) => ofApproval(deps, event)), listen('run.finished', (event) => ofRun(deps, event))]
  return {
    async [Symbol.asyncDispose]() {
      for (const subscription of subscriptions) subscription[Symbol.dispose]()
      await turn
    },
  }
}

function ofApproval(context: MadeContext, { topic, data, at, seq }: TopicEvent): Promise<Made[]> {
  const { approval, run, by, inputs } = data
  if (topic === 'approval.answered' && typeof approval === 'string' && data['answer'] !== 'expired')
    return madeByAnswer(context, approval, at)
  if (
    topic === 'approval.edited' &&
    typeof approval === 'string' &&
    typeof run === 'string' &&
    typeof by === 'string' &&
    Array.isArray(inputs)
  )
    return madeByEdit(context, { approval, run, by, inputs: inputs.filter((name) => typeof name === 'string') }, at, seq)
  return Promise.resolve([])
}

function ofRun(context: MadeContext, { data, at }: TopicEvent): Promise<Made[]> {
  const { run, state } = data
  return typeof run === 'string' && state === 'done' ? madeByUndo(context, run, at) : Promise.resolve([])
}

function rowOf({ subject, reason, ...made }: Made, redactor: Redactor) {
  return { ...made, reason: reason === null ? null : redactor.text(reason), subject_json: JSON.stringify(redactor.value(subject)) }
}

async function readPositions({ db }: Pick<Store, 'db'>): Promise<Record<string, number>> {
  const row = await db.selectFrom('settings').select('value_json').where('key', '=', POSITION).executeTakeFirst()
  return row ? (JSON.parse(row.value_json) as Record<string, number>) : {} // written above
}

import type { Kysely } from 'kysely'
import type { TopicEvent } from '@life-os/contract'
import { fromColumn } from './column.ts'
import type { StoreLogger } from './logger.ts'
import type { Database, TopicEventRow } from './schema.ts'

type Listener = (events: readonly TopicEvent[]) => void
const PAGE = 500 // rows

export interface TopicFeed extends AsyncDisposable {
  /** This process committed these. */
  committed(events: readonly TopicEvent[]): void
  onPublished(listener: Listener): Disposable
  /** The newest number this process knows of. */
  known(): number
}

export const topicEvent = (row: Omit<TopicEventRow, 'seq'> & { seq: number }): TopicEvent => ({
  seq: row.seq,
  topic: row.topic,
  at: row.at,
  data: fromColumn(row.data_json),
  labels: fromColumn(row.labels),
})

/** Where this process is the only one: what it commits is all there is. */
export function createOwnFeed(logger: StoreLogger): TopicFeed {
  const { tell, onPublished } = createListeners(logger)
  let known = 0
  const committed: Listener = (events) => {
    known = events.at(-1)?.seq ?? known
    tell(events)
  }
  return { committed, onPublished, known: () => known, [Symbol.asyncDispose]: () => Promise.resolve() }
}

/**
 * Where other nodes publish too: the table is read behind the last seen number whenever somebody wakes us. Numbers become
 * visible in order (the writers take turns), so that none is passed over.
 */
export async function createSharedFeed(
  db: Kysely<Database>,
  logger: StoreLogger,
  listen: (wake: () => void) => AsyncDisposable,
): Promise<TopicFeed> {
  const { tell, onPublished } = createListeners(logger)
  let seen =
    (
      await db
        .selectFrom('events')
        .select(({ fn }) => fn.max('seq').as('seq'))
        .executeTakeFirst()
    )?.seq ?? 0
  let known = seen
  let reading: Promise<void> | undefined
  let again = false
  let closed = false

  const readOn = async (): Promise<void> => {
    for (;;) {
      again = false
      const rows = await db.selectFrom('events').selectAll().where('seq', '>', seen).orderBy('seq').limit(PAGE).execute()
      seen = rows.at(-1)?.seq ?? seen
      if (rows.length > 0) tell(rows.map(topicEvent))
      if (closed || (rows.length < PAGE && !again)) return
    }
  }
  const wake = (): void => {
    again = true
    if (closed) return
    reading ??= readOn()
      .catch((error: unknown) => logger.warn({ error: String(error) }, 'events could not be read; the next wake tries again'))
      .finally(() => {
        reading = undefined
      })
  }
  const listening = listen(wake)
  return {
    committed(events) {
      known = Math.max(known, events.at(-1)?.seq ?? 0)
      wake()
    },
    onPublished,
    known: () => Math.max(known, seen),
    async [Symbol.asyncDispose]() {
      closed = true
      await listening[Symbol.asyncDispose]()
      await reading
    },
  }
}

function createListeners(logger: StoreLogger): { tell: Listener; onPublished(listener: Listener): Disposable } {
  const listeners = new Set<Listener>()
  return {
    tell(events) {
      for (const listener of listeners) {
        try {
          listener(events)
        } catch (error) {
          logger.error({ error: String(error) }, 'a listener of topics failed')
        }
      }
    },
    onPublished(listener) {
      listeners.add(listener)
      return { [Symbol.dispose]: () => void listeners.delete(listener) }
    },
  }
}

import type { TopicEvent } from '@life-os/contract'
import { topicEvent } from '../store/index.ts'
import type { Store, StoreLogger } from '../store/index.ts'
import { checkTopic, parsePattern } from './pattern.ts'
import type { Pattern } from './pattern.ts'
import { createSubscription } from './subscription.ts'
import type { Subscription } from './subscription.ts'
import type { Events } from './types.ts'

export interface EventsDependencies {
  readonly store: Pick<Store, 'db' | 'topics'>
  readonly logger: Pick<StoreLogger, 'error'>
  /** Not read: the store's clock gives the events their times. */
  readonly clock?: () => number
}

const PAGE = 500 // rows

/** See {@link Events}. What a run's journal writes as `topic` reaches subscribers like anything published here. */
export function createEvents({ store, logger }: EventsDependencies): Events {
  const subscriptions = new Set<Subscription>()
  const feed = store.topics.onPublished((events) => {
    for (const event of events) for (const subscription of subscriptions) subscription.live(event)
  })
  return {
    async publish(topic, data, labels) {
      checkTopic(topic)
      return store.topics.publish(topic, data, labels)
    },
    subscribe(pattern, handler, from) {
      const parsed = parsePattern(pattern)
      const failed = (error: unknown, event: TopicEvent | undefined): void =>
        logger.error(
          { pattern, topic: event?.topic, seq: event?.seq, error: error instanceof Error ? error.message : String(error) },
          'a subscriber failed; the next event goes on',
        )
      const subscription = createSubscription({
        pattern: parsed,
        handler,
        from: from ?? store.topics.known(),
        replay: from !== undefined,
        failed,
        read: (after, limit) => readEvents(store.db, parsed, after, limit),
      })
      subscriptions.add(subscription)
      return {
        [Symbol.dispose]() {
          subscriptions.delete(subscription)
          subscription[Symbol.dispose]()
        },
      }
    },
    read: (pattern, after, limit) => readEvents(store.db, parsePattern(pattern), after, limit),
    async head() {
      const row = await store.db.selectFrom('events').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst()
      return row?.seq ?? 0
    },
    async [Symbol.asyncDispose]() {
      feed[Symbol.dispose]()
      const open = [...subscriptions]
      subscriptions.clear()
      for (const subscription of open) subscription[Symbol.dispose]()
      await Promise.all(open.map((subscription) => subscription.idle()))
    },
  }
}

/** Matching events in order. The index narrows by the words before the first wildcard; the rest is matched here. */
async function readEvents(db: Store['db'], pattern: Pattern, after: number, limit: number): Promise<TopicEvent[]> {
  const found: TopicEvent[] = []
  for (let position = after; found.length < limit;) {
    const rows = await rowsAfter(db, pattern.prefix, position)
    for (const row of rows) if (found.length < limit && pattern.matches(row.topic)) found.push(topicEvent(row))
    const last = rows.at(-1)
    if (!last || rows.length < PAGE) break
    position = last.seq
  }
  return found
}

/** `/` is the character after `.`, so that the range holds exactly the topics below the prefix. */
function rowsAfter(db: Store['db'], prefix: string, after: number) {
  const query = db.selectFrom('events').selectAll().where('seq', '>', after).orderBy('seq').limit(PAGE)
  if (prefix === '') return query.execute()
  return query
    .where(({ and, or, eb }) => or([eb('topic', '=', prefix), and([eb('topic', '>=', `${prefix}.`), eb('topic', '<', `${prefix}/`)])]))
    .execute()
}

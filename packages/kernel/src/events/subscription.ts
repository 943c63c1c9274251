import type { TopicEvent } from '@life-os/contract'
import type { Pattern } from './pattern.ts'

/** Live events kept for a slow handler; beyond that they are read from the store again. */
const QUEUE_LIMIT = 1000
const PAGE = 200 // events

export interface SubscriptionDependencies {
  readonly pattern: Pattern
  readonly handler: (event: TopicEvent) => void | Promise<void>
  /** The last event not wanted. */
  readonly from: number
  /** Whether stored events may lie between it and the live ones. */
  readonly replay: boolean
  /** Matching events after a number, in order. */
  read(after: number, limit: number): Promise<TopicEvent[]>
  failed(error: unknown, event: TopicEvent | undefined): void
}

export interface Subscription extends Disposable {
  live(event: TopicEvent): void
  /** Resolves when the handler has nothing more to do. */
  idle(): Promise<void>
}

/**
 * One handler, one event at a time. It is behind until it has read the stored events up to where the live ones it heard
 * meanwhile begin; numbers decide what was already handled, so that none is missed or doubled.
 */
export function createSubscription(dependencies: SubscriptionDependencies): Subscription {
  const { pattern, handler, read, failed } = dependencies
  let position = dependencies.from
  let behind = dependencies.replay
  /** Live events were let go since the last page was read. */
  let missed = false
  let queue: TopicEvent[] = []
  let working: Promise<void> | undefined
  let closed = false

  async function handle(event: TopicEvent): Promise<void> {
    if (closed || event.seq <= position) return
    position = event.seq
    try {
      await handler(event)
    } catch (error) {
      failed(error, event)
    }
  }

  async function catchUp(): Promise<void> {
    for (let full = true; !closed && (full || missed);) {
      missed = false
      const page = await read(position, PAGE)
      full = page.length === PAGE
      for (const event of page) await handle(event)
    }
    behind = false
  }

  async function work(): Promise<void> {
    while (!closed) {
      if (behind) await catchUp()
      const event = queue.shift()
      if (event) await handle(event)
      else if (!behind) return
    }
  }

  function start(): void {
    working ??= work()
      .catch((error: unknown) => failed(error, undefined)) // reading failed: what is missing is read with the next event
      .finally(() => {
        working = undefined
        if (queue.length > 0 && !behind) start()
      })
  }

  if (behind) start()
  return {
    live(event) {
      if (closed || !pattern.matches(event.topic)) return
      const [oldest] = queue
      if (oldest && queue.length >= QUEUE_LIMIT) {
        if (!behind) position = Math.max(position, oldest.seq - 1)
        queue = []
        behind = missed = true
      } else queue.push(event)
      start()
    },
    async idle() {
      while (working) await working
    },
    [Symbol.dispose]() {
      closed = true
      queue = []
    },
  }
}

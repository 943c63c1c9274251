import type { Labels, TopicEvent } from '@life-os/contract'

/** Durable topics. Patterns: `run.finished`, `run.*` (one word), `run.**` (any depth), `**`. */
export interface Events {
  publish(topic: string, data: Record<string, unknown>, labels?: Labels): Promise<TopicEvent>
  /**
   * Calls the handler for every event after `from` (exclusive; default: only new ones), in order, each once and one at a
   * time; replay and live tail join without a gap. A handler that throws is logged and does not stop the others.
   */
  subscribe(pattern: string, handler: (event: TopicEvent) => void | Promise<void>, from?: number): Disposable
  read(pattern: string, after: number, limit: number): Promise<TopicEvent[]>
  /** The newest sequence number, 0 when empty. */
  head(): Promise<number>
  [Symbol.asyncDispose](): Promise<void>
}

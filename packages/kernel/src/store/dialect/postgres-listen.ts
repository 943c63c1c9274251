import pg from 'pg'
import type { ClientConfig } from 'pg'
import type { StoreLogger } from '../logger.ts'

export const TOPIC_CHANNEL = 'lifeos_topics'
const RECONNECT_AFTER = 1000 // ms

/**
 * Calls `wake` for every notification, and once after each (re)connection, since what was published while the line was down
 * was not heard. Keeps trying until disposed.
 */
export function listenForTopics(config: ClientConfig, logger: StoreLogger, wake: () => void): AsyncDisposable {
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined
  let closed = false

  const retry = (error?: Error): void => {
    if (closed || timer) return
    logger.warn({ error: error?.message }, 'not listening for events of other nodes; trying again')
    timer = setTimeout(() => {
      timer = undefined
      started = start()
    }, RECONNECT_AFTER)
  }
  const start = async (): Promise<void> => {
    const fresh = new pg.Client(config)
    client = fresh
    fresh.on('error', retry)
    fresh.on('end', () => {
      if (client === fresh) retry()
    })
    fresh.on('notification', wake)
    try {
      await fresh.connect()
      await fresh.query(`listen ${TOPIC_CHANNEL}`)
      wake()
    } catch (error) {
      await fresh.end().catch(() => undefined) // it never was connected
      retry(error instanceof Error ? error : undefined)
    }
  }
  let started = start()
  return {
    async [Symbol.asyncDispose]() {
      closed = true
      clearTimeout(timer)
      await started
      await client?.end().catch(() => undefined) // it may be lost already
    },
  }
}

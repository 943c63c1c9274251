import type { JournalEntry, ProgressNote, TopicEvent } from '@life-os/contract'

export interface StreamHandlers {
  journal?: (entry: JournalEntry) => void
  progress?: (note: ProgressNote) => void
  topic?: (event: TopicEvent) => void
  state?: (state: 'open' | 'lost') => void
}

/**
 * Follows a run's journal, or without `run` everything published. The browser reconnects by itself and sends the last
 * number it saw; a stream the server closed for good is opened again after the last number seen here.
 */
export function openStream(options: { run?: string; after?: number }, handlers: StreamHandlers): Disposable {
  let after = options.after
  let source: EventSource | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let wait = 500

  const connect = (): void => {
    const query = new URLSearchParams()
    if (options.run) query.set('run', options.run)
    if (after !== undefined) query.set('after', String(after))
    source = new EventSource(`/api/v1/events?${query}`)
    const listen = <T>(name: string, handle: ((value: T) => void) | undefined): void => {
      source?.addEventListener(name, (message: MessageEvent<string>) => {
        const number = Number(message.lastEventId)
        if (message.lastEventId && Number.isFinite(number)) after = number
        handle?.(JSON.parse(message.data) as T) // the event's name tells the shape
      })
    }
    listen('journal', handlers.journal)
    listen('progress', handlers.progress)
    listen('topic', handlers.topic)
    source.addEventListener('open', () => {
      wait = 500
      handlers.state?.('open')
    })
    source.addEventListener('error', () => {
      handlers.state?.('lost')
      if (source?.readyState !== EventSource.CLOSED) return
      timer = setTimeout(connect, wait)
      wait = Math.min(wait * 2, 10_000)
    })
  }
  connect()
  return {
    [Symbol.dispose]() {
      clearTimeout(timer)
      source?.close()
    },
  }
}

import type { Run } from '@life-os/contract'
import { readFile } from 'node:fs/promises'
import { createClient, runNews, storeBlob } from './client.ts'
import type { Client, RunNews } from './client.ts'
import type { Fetch } from './socket-fetch.ts'

/** Life-OS as a command sees it, whoever owns the folder. */
export interface Backend extends AsyncDisposable {
  readonly client: Client
  readonly home: string
  /** This process owns the folder: what it starts ends with it. */
  readonly owns: boolean
  /** Stores a file's bytes; answers the blob's name. */
  upload(path: string): Promise<string>
  /** News of a run from its first entry on. */
  news(run: string, signal: AbortSignal): AsyncGenerator<RunNews>
  /** Resolves when the run no longer goes on by itself; tells what happens meanwhile. */
  settled(run: string, onNews?: (news: RunNews) => void): Promise<Run>
}

const GOING = new Set<Run['state']>(['previewing', 'queued', 'running'])
/** The stream tells at once; asking now and then covers what a stream can lose. */
const ASK_AGAIN = 1000 // ms
const ENDS = new Set(['run-finished', 'run-waiting', 'run-paused'])

export function createBackend(fetch: Fetch, home: string, owns: boolean, close: () => Promise<void>): Backend {
  const client = createClient(fetch)
  const news = (run: string, signal: AbortSignal) => runNews(fetch, run, 0, signal)
  return {
    client,
    home,
    owns,
    upload: async (path) => storeBlob(fetch, await readFile(path)),
    news,
    async settled(run, onNews) {
      const over = new AbortController()
      let ask = Promise.withResolvers<void>()
      let seen = 0
      const listening = listen(news(run, over.signal), (item) => {
        if (item.kind === 'journal') seen = item.entry.seq
        onNews?.(item)
        if (item.kind === 'journal' && ENDS.has(item.entry.event.type)) ask.resolve()
      })
      const tellRest = async () => {
        for (let after: number | null = seen; after !== null;) {
          const page: Awaited<ReturnType<Client['runs']['journal']>> = await client.runs.journal({ id: run, after, limit: 1000 })
          for (const entry of page.items) onNews?.({ kind: 'journal', entry })
          after = page.next
        }
      }
      try {
        for (;;) {
          const now = await client.runs.get({ id: run })
          if (!GOING.has(now.state)) {
            over.abort()
            await listening
            if (onNews) await tellRest()
            return now
          }
          const timer = setTimeout(ask.resolve, ASK_AGAIN)
          await ask.promise
          clearTimeout(timer)
          ask = Promise.withResolvers<void>()
        }
      } finally {
        over.abort()
        await listening
      }
    },
    [Symbol.asyncDispose]: close,
  }
}

/** A stream that breaks off is no failure here: the run is asked for as well. */
async function listen(items: AsyncGenerator<RunNews>, tell: (item: RunNews) => void): Promise<void> {
  try {
    for await (const item of items) tell(item)
  } catch {
    // ended by the caller, or lost
  }
}

import { LifeOsError } from '@life-os/contract'
import type { JournalEntry, ProgressNote, TopicEvent } from '@life-os/contract'
import type { Identity } from '@life-os/kernel/auth'
import type { Kernel } from '../kernel.ts'
import { checkReader } from '../router/readers.ts'
import { streamOf } from './stream.ts'
import type { StreamLife } from './stream.ts'

const PAGE = 500

/**
 * `GET /api/v1/events`: with `run` its journal (`event: journal`, id = number in the run), without it every topic
 * (`event: topic`, id = number in the store); both with `event: progress`, which has no id and is never replayed.
 * `after` or `Last-Event-ID` says where to go on; without either a run is told from its start, topics from now.
 */
export async function eventStream(kernel: Kernel, request: Request, identity: Identity, options: StreamLife): Promise<Response> {
  const query = new URL(request.url).searchParams
  const run = query.get('run')
  const after = positionOf(request.headers.get('last-event-id') ?? query.get('after'))
  if (run) await checkReader(kernel.readers, run, identity)
  if (run) await kernel.runs.get(run) // `run-missing` as a problem, not as a stream
  const body = run ? journalStream(kernel, run, after ?? 0, options) : topicStream(kernel, after, identity, options)
  return new Response(body, {
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
  })
}

function positionOf(text: string | null): number | undefined {
  if (text === null || text === '') return undefined
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 0)
    throw new LifeOsError('input-invalid', 'after: a whole number of the last event that was seen.')
  return number
}

const journalStream = (kernel: Kernel, run: string, after: number, options: StreamLife) =>
  streamOf(options, async (sink) => {
    const stack = new DisposableStack()
    let seen = after
    let live: JournalEntry[] | undefined = []
    const tell = (entry: JournalEntry) => {
      if (entry.seq <= seen) return
      seen = entry.seq
      sink.send('journal', entry, entry.seq)
    }
    stack.use(
      kernel.store.journal.onCommitted((entries) => {
        for (const entry of entries) {
          if (entry.run !== run) continue
          if (live) live.push(entry)
          else tell(entry)
        }
      }),
    )
    stack.use(
      kernel.runs.onProgress((note) => {
        if (note.run === run) sink.send('progress', note)
      }),
    )
    await replay(async () => {
      const page = await kernel.store.journal.read(run, seen, PAGE)
      page.forEach(tell)
      await sink.ready()
      return page.length === PAGE
    })
    const waiting = live
    live = undefined
    waiting.forEach(tell)
    return stack
  })

/** Whether a topic is this caller's to hear: what names a run or a thread is for who may read that. */
function audible(kernel: Kernel, { person }: Identity, mayRun: (run: string) => Promise<boolean>): (event: TopicEvent) => Promise<boolean> {
  return async ({ data }) => {
    const { run, thread, person: of } = data
    if (typeof thread === 'string' && !(await kernel.readers.mayReadThread(thread, person.id))) return false
    if (typeof run === 'string' && !(await mayRun(run))) return false
    return typeof of !== 'string' || of === person.id || person.role === 'admin'
  }
}

/** Whether a run's progress is this caller's to see, asked once for each run, so that notes of one come in their order. */
function readable({ readers }: Kernel, { person }: Identity): (run: string) => Promise<boolean> {
  const asked = new Map<string, Promise<boolean>>()
  return (run) => {
    const known = asked.get(run)
    if (known) return known
    if (asked.size >= PAGE) asked.clear()
    const fresh = readers.mayRead(run, person.id)
    asked.set(run, fresh)
    return fresh
  }
}

const topicStream = (kernel: Kernel, after: number | undefined, identity: Identity, options: StreamLife) =>
  streamOf(options, (sink) => {
    const stack = new DisposableStack()
    const mine = readable(kernel, identity)
    const isMine = audible(kernel, identity, mine)
    stack.use(
      kernel.runs.onProgress((note: ProgressNote) => {
        mine(note.run)
          .then((may) => (may ? sink.send('progress', note) : undefined))
          .catch(() => undefined) // nobody can say whose it is: then it is nobody's
      }),
    )
    stack.use(
      kernel.events.subscribe(
        '**',
        async (event: TopicEvent) => {
          if (await isMine(event)) sink.send('topic', event, event.seq)
          return sink.ready()
        },
        after,
      ),
    )
    return stack
  })

async function replay(page: () => Promise<boolean>): Promise<void> {
  while (await page());
}

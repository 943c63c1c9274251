import type { JournalEntry, ProgressNote } from '@life-os/contract'
import type { MessageRow } from '../../store/index.ts'
import { ANSWER } from '../turn/plan.ts'
import type { ThreadsDeps } from '../types.ts'
import { advanceAnswer, emptyAnswer, type AnswerFold } from './fold.ts'
import { readAnswer, type Answer, type Values } from './read.ts'

const MOST_PARTIAL = 400_000 // characters of one call's text
const MODEL_STEP = new RegExp(String.raw`^${ANSWER}\.turn\[\d+\]\.model$`)

interface Followed {
  fold: AnswerFold
  values: Values
  /** Text so far of model calls that have not ended; kept here alone, a restart makes the call again. */
  partial: Map<string, string>
  reading: Promise<void> | undefined
}

/** Answers that are being made: their journals folded so far and the text that has come. */
export interface Following extends Disposable {
  follow(run: string): void
  forget(run: string): void
  isFollowed(run: string): boolean
  /** As it stands now; null when the run is gone. */
  answer(row: Pick<MessageRow, 'run'>): Promise<Answer | null>
}

export function createFollowing(deps: Pick<ThreadsDeps, 'store' | 'runs' | 'titleOf' | 'redactor'>): Following {
  const { store, runs } = deps
  const followed = new Map<string, Followed>()
  const listening = new DisposableStack()
  listening.use(runs.onProgress(takeText))
  listening.use(store.journal.onCommitted((entries) => entries.forEach(endText)))

  function takeText(note: ProgressNote): void {
    const one = note.type === 'text-delta' && MODEL_STEP.test(note.step) ? followed.get(note.run) : undefined
    const { text } = note.data
    if (!one || typeof text !== 'string') return
    const before = one.partial.get(note.step) ?? ''
    if (before.length < MOST_PARTIAL) one.partial.set(note.step, before + text)
  }

  /** A call that is made again begins anew. */
  function endText({ run, event }: JournalEntry): void {
    if (event.type === 'try-started' || event.type === 'step-reset') followed.get(run)?.partial.delete(event.path)
  }

  const fresh = (): Followed => ({ fold: emptyAnswer(), values: new Map(), partial: new Map(), reading: undefined })

  /** What this process wrote is on disk a moment later; what another one did is only there. */
  const readOn = async (run: string, one: Followed): Promise<void> => {
    const rows = await store.db
      .selectFrom('run_events')
      .select(['seq', 'at', 'data_json'])
      .where('run', '=', run)
      .where('seq', '>', one.fold.run.seq)
      .orderBy('seq')
      .execute()
    for (const { seq, at, data_json } of rows)
      advanceAnswer(one.fold, { run, seq, at, event: JSON.parse(data_json) as JournalEntry['event'] }) // stored by the journal
  }
  const upToDate = async (run: string, one: Followed): Promise<void> => {
    await one.reading
    await (one.reading = readOn(run, one).finally(() => {
      one.reading = undefined
    }))
  }

  return {
    follow: (run) => void (followed.has(run) || followed.set(run, fresh())),
    forget: (run) => void followed.delete(run),
    isFollowed: (run) => followed.has(run),
    async answer({ run }) {
      if (run === null) return null
      const one = followed.get(run) ?? fresh()
      await upToDate(run, one)
      const partial = new Map([...one.partial].map(([step, text]) => [step, deps.redactor?.text(text) ?? text]))
      return readAnswer(run, {
        store,
        fold: one.fold,
        values: one.values,
        partial,
        titleOf: (tool) => deps.titleOf?.(tool) ?? wordsOf(tool),
      })
    },
    [Symbol.dispose]: () => listening[Symbol.dispose](),
  }
}

/** `life-os.start-plan` as “Start plan”, for whatever has no title any more. */
function wordsOf(tool: string): string {
  const name = tool.slice(tool.lastIndexOf('.') + 1).replaceAll(/[-_]+/gu, ' ')
  return name === '' ? tool : name.charAt(0).toUpperCase() + name.slice(1)
}

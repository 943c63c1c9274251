import type { Cost, JournalEntry, Recorded } from '@life-os/contract'
import { advance, emptyFold, type RunFold } from '../../runs/index.ts'

/** What an answer is made of, as far as its run's journal tells. */
export interface AnswerFold {
  readonly run: RunFold
  /** By step path. */
  readonly inputs: Map<string, Recorded>
  readonly costs: Map<string, Cost>
  readonly notices: { at: string; code: string; message: string }[]
}

export const emptyAnswer = (): AnswerFold => ({ run: emptyFold(), inputs: new Map(), costs: new Map(), notices: [] })

/** Takes one more entry in; one that is known already changes nothing. */
export function advanceAnswer(fold: AnswerFold, entry: JournalEntry): void {
  if (entry.seq <= fold.run.seq) return
  advance(fold.run, entry)
  const { event } = entry
  if (event.type === 'try-started') fold.inputs.set(event.path, event.input)
  if (event.type === 'try-finished' || event.type === 'try-failed') addCost(fold, event.path, event.cost)
  if (event.type === 'warning-noted') fold.notices.push({ at: event.path, code: event.code, message: event.message })
}

export function answerOf(entries: Iterable<JournalEntry>): AnswerFold {
  const fold = emptyAnswer()
  for (const entry of entries) advanceAnswer(fold, entry)
  return fold
}

function addCost({ costs }: AnswerFold, path: string, cost: Cost): void {
  const before = costs.get(path)
  costs.set(path, {
    tokens: (before?.tokens ?? 0) + cost.tokens,
    micros: (before?.micros ?? 0) + cost.micros,
    time: (before?.time ?? 0) + cost.time,
    steps: (before?.steps ?? 0) + cost.steps,
  })
}

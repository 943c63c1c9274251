import type { JournalEntry, TopicEvent } from '@life-os/contract'
import { LifeOsError } from '@life-os/contract'
import type { Durability, JournalWrite } from '../types.ts'
import type { JournalBackend } from './rows.ts'

/** One append on its way. */
export interface Pending {
  readonly run: string | null
  readonly epoch: number
  readonly at: number
  readonly writes: readonly JournalWrite[]
  readonly durability: Durability
  readonly topics: TopicEvent[]
  firstSeq: number
  entries: JournalEntry[]
  line: Line | null
  failure: unknown
  resolve(): void
  reject(error: unknown): void
}

/** A run as this writer knows it: its epoch, its last number, and what keeps it from being written. */
interface Line {
  readonly epoch: number
  seq: number
  /** Appends that arrived while the run's position was being looked up, in order. */
  waiting: Pending[] | null
  loading: Promise<void>
  /** Why it cannot be looked up now. */
  fault: unknown
  /** Why this epoch writes no more. */
  closed: unknown
  /** Appends handed on and not yet settled. */
  open: number
}

export interface Lines {
  /** Numbers an append's events and hands it on, in order within its run; rejects it when its run cannot be written. */
  accept(pending: Pending, run: string): void
  /** Resolves when nothing waits for a lookup. */
  loaded(): Promise<void>
  /**
   * These appends of one run could not be written. When one of them was `next`, its number was given out and its caller told
   * it was fine, so that the run is closed to this epoch; otherwise the next append looks its position up anew.
   */
  broke(run: string, group: readonly Pending[], error: unknown): void
  settled(group: readonly Pending[]): void
}

/** The numbers of each run's events, kept in memory from a run's first append to its end. */
export function createLines(backend: JournalBackend, enqueue: (pending: Pending) => void): Lines {
  const lines = new Map<string, Line>()

  function give(line: Line, pending: Pending, run: string): void {
    const fault = line.closed ?? line.fault
    if (fault !== undefined) {
      pending.reject(fault)
      return
    }
    pending.firstSeq = line.seq + 1
    for (const write of pending.writes)
      if (write.kind === 'event') pending.entries.push({ run, seq: ++line.seq, at: pending.at, event: write.event })
    pending.line = line
    line.open++
    enqueue(pending)
  }

  function open(run: string, epoch: number, before: Line | undefined): Line {
    const line: Line = { ...newLine(epoch), waiting: [] }
    lines.set(run, line)
    line.loading = load(line, run, before)
    return line
  }

  async function load(line: Line, run: string, before: Line | undefined): Promise<void> {
    try {
      await before?.loading
      const position = await backend.position(run)
      if (!position) line.fault = runUnknown(run)
      else if (position.epoch > line.epoch) line.fault = fencedError(run)
      else line.seq = position.seq
    } catch (error) {
      line.fault = error
    }
    const waiting = line.waiting ?? []
    line.waiting = null
    for (const pending of waiting) give(line, pending, run)
    if (line.fault !== undefined && line.closed === undefined && lines.get(run) === line) lines.delete(run) // nothing was given out: a later append asks again
  }

  return {
    accept(pending, run) {
      const known = lines.get(run)
      if (known && pending.epoch < known.epoch) {
        pending.reject(fencedError(run))
        return
      }
      const line = known && known.epoch === pending.epoch ? known : open(run, pending.epoch, known)
      if (line.waiting) line.waiting.push(pending)
      else give(line, pending, run)
    },
    async loaded() {
      await Promise.all([...lines.values()].filter(({ waiting }) => waiting !== null).map(({ loading }) => loading))
    },
    broke(run, group, error) {
      const epoch = group[0]?.epoch ?? 0
      const line = lines.get(run)
      if (line && line.epoch !== epoch) return
      if (group.some(({ durability }) => durability === 'next')) lines.set(run, Object.assign(line ?? newLine(epoch), { closed: error }))
      else if (line && line.closed === undefined) lines.delete(run)
    },
    settled(group) {
      for (const { run, line, entries } of group) {
        if (run === null || line === null) continue
        line.open--
        const ended = entries.at(-1)?.event.type === 'run-finished'
        if (ended && line.open === 0 && lines.get(run) === line) lines.delete(run)
      }
    },
  }
}

const newLine = (epoch: number): Line => ({
  epoch,
  seq: 0,
  waiting: null,
  loading: Promise.resolve(),
  fault: undefined,
  closed: undefined,
  open: 0,
})

const runUnknown = (run: string): LifeOsError => new LifeOsError('run-unknown', `There is no run ${run}.`, { class: 'user', applied: 'no' })

export const fencedError = (run: string): LifeOsError =>
  new LifeOsError(
    'run-fenced',
    'This run was taken over by another Life-OS process, which goes on with it; nothing more was written here.',
    { class: 'operational', applied: 'no', details: { run } },
  )

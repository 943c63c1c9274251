import { AsyncLocalStorage } from 'node:async_hooks'
import type { JournalEntry, TopicEvent } from '@life-os/contract'
import { LifeOsError } from '@life-os/contract'
import { extendChain } from '../audit/chain.ts'
import type { NewRecord } from '../audit/chain.ts'
import type { Redactor } from '../../secrets/types.ts'
import type { StoreLogger } from '../logger.ts'
import type { Durability, JournalWrite, JournalWriter } from '../types.ts'
import { checkWrites, gather } from './gather.ts'
import { createLines, fencedError } from './lines.ts'
import type { Pending } from './lines.ts'
import { createTimer } from './timer.ts'
import type { Timing } from './timer.ts'
import { redactedWrites } from './redact.ts'
import type { AuditHead, JournalBackend } from './rows.ts'

const GROUP_LIMIT = 1000 // appends
const EVERYTHING = Number.MAX_SAFE_INTEGER

export interface JournalDependencies {
  readonly backend: JournalBackend
  readonly auditKey: Buffer
  readonly clock: () => number
  readonly logger: StoreLogger
  readonly timing?: Timing
  /** Nothing that it knows is written. */
  readonly redactor?: Redactor | undefined
  /** Called with the topics of each commit. */
  readonly onTopics: (events: readonly TopicEvent[]) => void
  /** Called with the chain's head after each commit that moved it. */
  readonly onAudit: (head: AuditHead) => void
}

export interface Journal extends JournalWriter, AsyncDisposable {
  /** Writes that belong to no run, with the next commit: audit records and topics. Resolves when synced. */
  write(writes: readonly JournalWrite[]): Promise<{ topics: readonly TopicEvent[] }>
  /** Runs work in which the journal refuses to be awaited, since the work may hold the lock that the journal waits for. */
  excluding<T>(work: () => Promise<T>): Promise<T>
}

/** See {@link JournalWriter}. One commit is under way at a time; what arrives meanwhile is the next group. */
export async function createJournal(dependencies: JournalDependencies): Promise<Journal> {
  const { backend, auditKey, clock, logger, onTopics, onAudit, redactor } = dependencies
  const listeners = new Set<(entries: readonly JournalEntry[]) => void>()
  const transaction = new AsyncLocalStorage<{ open: boolean }>()
  let head = await backend.auditHead()
  let queue: Pending[] = []
  let committing = false
  let closed = false
  const timer = createTimer(() => void commitQueue(), dependencies.timing)
  const lines = createLines(backend, enqueue)

  function enqueue(pending: Pending): void {
    queue.push(pending)
    if (pending.durability === 'next') pending.resolve()
    if (!committing) timer.start(pending.durability)
  }

  async function commitQueue(): Promise<void> {
    if (committing) return
    committing = true
    timer.stop()
    const group = queue.splice(0, GROUP_LIMIT)
    try {
      await commitGroup(group)
    } finally {
      committing = false
      if (queue.some(({ durability }) => durability === 'sync')) timer.start('sync')
      else if (queue.length > 0) timer.start('next')
    }
  }

  /** Commits a group, without those that are fenced; on a broken row each append alone. */
  async function commitGroup(group: readonly Pending[]): Promise<void> {
    let live = group
    try {
      while (live.length > 0) {
        const extension = extendChain(auditKey, head, recordsOf(live))
        const rows = gather(live.map(asGathered), extension.rows)
        const result = hasRows(live) ? await backend.commit(rows) : { kind: 'done' as const, topics: [] }
        if (result.kind === 'audit-moved') head = await backend.auditHead()
        else if (result.kind === 'fenced') live = dropFenced(live, result.runs)
        else {
          head = extension.head
          settle(live, result.topics)
          if (extension.rows.length > 0) tell(() => onAudit(head))
          return
        }
      }
    } catch (error) {
      const alone = error instanceof LifeOsError && error.code === 'store-constraint' && live.length > 1
      if (alone) await commitEachAlone(live)
      else for (const pending of live) fail(pending, error)
    }
  }

  async function commitEachAlone(group: readonly Pending[]): Promise<void> {
    const broken = new Map<string | null, unknown>()
    for (const pending of group) {
      if (pending.run !== null && broken.has(pending.run)) fail(pending, broken.get(pending.run))
      else await commitGroup([pending])
      if (pending.failure !== undefined) broken.set(pending.run, pending.failure)
    }
  }

  function dropFenced(group: readonly Pending[], runs: readonly string[]): Pending[] {
    const gone = new Set(runs)
    for (const pending of group) if (pending.run !== null && gone.has(pending.run)) fail(pending, fencedError(pending.run))
    return group.filter(({ run }) => run === null || !gone.has(run))
  }

  /** A failed append takes with it what waits behind it in its run: a journal has no holes. */
  function fail(pending: Pending, error: unknown): void {
    pending.failure = error
    pending.reject(error)
    const run = pending.run
    if (run === null) return
    if (pending.durability === 'next') logger.error({ run, error: messageOf(error) }, 'journal entries could not be written')
    const isBehind = (other: Pending): boolean => other.run === run && other.epoch === pending.epoch
    const behind = queue.filter(isBehind)
    queue = queue.filter((other) => !isBehind(other))
    lines.broke(run, [pending, ...behind], error)
    for (const other of behind) other.reject(error)
  }

  function settle(group: readonly Pending[], numbers: readonly number[]): void {
    let next = 0
    for (const pending of group) for (const topic of pending.topics) topic.seq = numbers[next++] ?? 0
    for (const pending of group) pending.resolve()
    const topics = group.flatMap((pending) => pending.topics)
    if (topics.length > 0) tell(() => onTopics(topics))
    const entries = group.flatMap((pending) => pending.entries)
    if (entries.length > 0) for (const listener of listeners) tell(() => listener(entries))
    lines.settled(group)
  }

  function tell(work: () => void): void {
    try {
      work()
    } catch (error) {
      logger.error({ error: messageOf(error) }, 'a listener of the journal failed')
    }
  }

  function refuseInTransaction(): void {
    if (transaction.getStore()?.open)
      throw new LifeOsError(
        'journal-in-transaction',
        'The journal was awaited inside a transaction, which may hold its lock; write to it before or after.',
        { class: 'unexpected', applied: 'no' },
      )
  }

  function take(run: string | null, epoch: number, given: readonly JournalWrite[], durability: Durability): Promise<Pending> {
    return new Promise((resolve, reject) => {
      const writes = redactor ? redactedWrites(given, redactor) : given
      if (closed && writes.length > 0)
        throw new LifeOsError('store-closed', 'The store was closed; start Life-OS again.', { class: 'operational', applied: 'no' })
      refuseInTransaction()
      checkWrites(writes)
      const at = clock()
      const pending: Pending = {
        run,
        epoch,
        at,
        writes,
        durability,
        topics: topicsIn(writes, at),
        firstSeq: 1,
        entries: [],
        line: null,
        failure: undefined,
        resolve: () => resolve(pending),
        reject,
      }
      if (run === null) enqueue(pending)
      else lines.accept(pending, run)
    })
  }

  const flush = async (): Promise<void> => {
    refuseInTransaction()
    await lines.loaded()
    if (queue.length > 0 || committing) await take(null, 0, [], 'sync')
  }

  return {
    append: async (run, epoch, writes, durability) => (await take(run, epoch, writes, durability)).entries,
    write: async (writes) => ({ topics: (await take(null, 0, writes, 'sync')).topics }),
    flush,
    onCommitted(listener) {
      listeners.add(listener)
      return { [Symbol.dispose]: () => void listeners.delete(listener) }
    },
    async read(run, after = 0, limit = EVERYTHING) {
      await flush()
      return (await backend.events(run, after, limit)).map(({ seq, at, data_json }) => ({
        run,
        seq,
        at,
        event: JSON.parse(data_json) as JournalEntry['event'],
      })) // this writer stored it
    },
    async excluding(work) {
      const during = { open: true }
      try {
        return await transaction.run(during, work)
      } finally {
        during.open = false // what the work left running may write again
      }
    },
    async [Symbol.asyncDispose]() {
      closed = true
      await flush().catch((error: unknown) => logger.error({ error: messageOf(error) }, 'the journal could not be written at the end'))
      timer.stop()
      await backend.close()
    },
  }
}

/** Numbered when they are written. */
const topicsIn = (writes: readonly JournalWrite[], at: number): Pending['topics'] =>
  writes.flatMap((write) =>
    write.kind === 'topic' ? [{ seq: 0, topic: write.topic, at, data: write.data, labels: [...(write.labels ?? [])] }] : [],
  )

const asGathered = ({ run, epoch, at, firstSeq, writes }: Pending) => ({
  fence: run === null ? null : { run, epoch },
  at,
  firstSeq,
  writes,
})
const hasRows = (group: readonly Pending[]): boolean => group.some(({ writes }) => writes.length > 0)
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

function recordsOf(group: readonly Pending[]): NewRecord[] {
  return group.flatMap(({ at, writes }) => writes.flatMap((write) => (write.kind === 'audit' ? [{ at, ...write.record }] : [])))
}

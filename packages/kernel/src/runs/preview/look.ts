import { errorShape, joinLabels, type Cost, type LabelSource } from '@life-os/contract'
import { createAccount, type TryAccount } from '../account.ts'
import { NO_COST } from '../interpreter/budget.ts'
import type { RunsContext } from '../context.ts'
import { canonicalHash } from '../hash.ts'
import type { LiveRun } from '../live.ts'
import { paidTwice } from '../calls/note-tries.ts'
import { valueOutcome, type Outcome } from '../interpreter/outcome.ts'
import { recordValue, valueOf } from '../record/record.ts'
import { nothingKnown } from '../../secrets/index.ts'
import { recordCall, type RecordRequest, type Recorded } from '../calls/simulate-step.ts'
import type { Frame } from '../interpreter/world.ts'

/** What a look came to: the value, journaled or not, or whatever else the recording said. */
export type Looked = { kind: 'known'; outcome: Outcome } | { kind: 'recorded'; recorded: Recorded }

/**
 * A read in a preview. Of the untouched world it is journaled as a try, and the run adopts it: what it paid for is paid
 * once. One that looks at a predicted world (`clean` false) is not adopted, and so may pay for nothing.
 */
export async function look(context: RunsContext, live: LiveRun, call: RecordRequest, frame: Frame, clean: boolean): Promise<Looked> {
  const inputHash = canonicalHash(call.input)
  const known = live.fold.steps.get(call.path)
  if (known?.state === 'done' && known.output) {
    if (clean && known.inputHash === inputHash) {
      const value = await valueOf(context.deps.store.blobs, known.output)
      return { kind: 'known', outcome: valueOutcome(value, joinLabels(call.labels, known.output.labels)) }
    }
    live.note({ type: 'step-reset', path: call.path })
  }
  if (!clean) return { kind: 'recorded', recorded: await recordCall(context, live, call) }
  const tried = createTry(context, live, call, inputHash, createAccount(live, frame.budget, call.path))
  const recorded = await recordCall(context, live, { ...call, account: tried.account })
  tried.account.close()
  const { output, error } = recorded
  if (output && !error && !recorded.unmet) await tried.done(output.value, recorded)
  else tried.failed(error ?? new Error('What this would do is not known before the plan runs.'))
  return { kind: 'recorded', recorded }
}

interface LookTry {
  account: TryAccount
  done(value: unknown, seen: { labels: Recorded['labels']; sources: readonly LabelSource[] }): Promise<void>
  failed(error: unknown): void
}

/** A try whose start is in the journal before it pays for anything, so that one that is cut off has its place and its price. */
function createTry(context: RunsContext, live: LiveRun, call: RecordRequest, inputHash: string, account: TryAccount): LookTry {
  const { store, clock, redactor = nothingKnown } = context.deps
  const { path, tool, key } = call
  const number = (live.fold.steps.get(path)?.tries ?? 0) + 1
  const startedAt = clock.now()
  let begun: Promise<void> | undefined
  const begin = (): Promise<void> =>
    (begun ??= (async () => {
      const input = await recordValue(store.blobs, live.id, redactor.value(call.input), call.labels)
      const warning = paidTwice(live, path, tool.title)
      if (warning) live.note(warning)
      live.note({ type: 'try-started', path, try: number, tool: tool.id, key, input, inputHash })
    })())
  const cost = (): Cost => ({ ...NO_COST, ...account.spent, time: clock.now() - startedAt, steps: 1 })
  return {
    account: {
      get spent() {
        return account.spent
      },
      reserve: async (most) => {
        await begin()
        return account.reserve(most)
      },
      close: () => account.close(),
    },
    async done(value, { labels, sources }) {
      await begin()
      const output = await recordValue(store.blobs, live.id, value, labels, sources)
      const event = { type: 'try-finished', path, try: number, output, cost: cost(), last: true } as const
      if (account.spent.tokens > 0 || account.spent.micros > 0) await live.commit(event)
      else live.note(event)
    },
    failed(error) {
      if (!begun) return // nothing was paid, so that there is nothing to tell
      const shape = errorShape(error)
      live.note({ type: 'try-failed', path, try: number, error: shape, applied: shape.applied ?? 'unknown', cost: cost() })
    },
  }
}

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Cost, RunEvent } from '@life-os/contract'
import { NO_COST, createBudget } from './interpreter/budget.ts'
import { advance, emptyFold } from './record/fold.ts'
import type { LiveRun } from './live.ts'
import { createAccount } from './account.ts'
import { createSpent } from './agents/spent.ts'

/** A run as far as an account looks at it: what is journaled is folded. */
function liveRun(limit: number) {
  const fold = emptyFold()
  const journal = (event: RunEvent) => advance(fold, { seq: fold.seq + 1, at: 0, event })
  const live = { halt: null, commit: async (event: RunEvent) => journal(event) } as unknown as LiveRun // no more of it is used here
  const budget = createBudget({ tokens: limit })
  return { fold, journal, live, budget }
}
const recorded = { value: null, labels: [] }
const started = (number: number): RunEvent => ({
  type: 'try-started',
  path: 'a.b[1].c',
  try: number,
  tool: 't.t',
  key: 'k',
  input: recorded,
  inputHash: '',
})
const finished = (cost: Cost): RunEvent => ({ type: 'try-finished', path: 'a.b[1].c', try: 1, output: recorded, cost, last: true })

test('however a try reserves and settles, and wherever it is cut off: its price is what it settled and what it still held', async () => {
  const move = fc.record({ ask: fc.nat(50), actual: fc.nat(50), settles: fc.boolean() })
  await fc.assert(
    fc.asyncProperty(fc.array(move, { maxLength: 12 }), fc.boolean(), async (moves, isCut) => {
      const { fold, journal, live, budget } = liveRun(200)
      journal(started(1))
      const account = createAccount(live, budget, 'a.b[1].c')
      let [settled, held] = [0, 0]
      for (const { ask, actual, settles } of moves) {
        const reserved = await account
          .reserve({ tokens: ask, micros: 0 })
          .catch((error: unknown) => void expect(error).toMatchObject({ code: 'budget-exceeded' }))
        if (!reserved) continue
        expect(fold.reserved.tokens, 'exactly that is on disk before it is spent').toBe(settled + held + ask)
        if (settles) {
          reserved.settle({ tokens: Math.min(ask, actual), micros: 0 })
          settled += Math.min(ask, actual)
        } else held += ask
        expect(budget.spent.tokens).toBe(settled + held)
        expect(fold.reserved.tokens, 'the disk knows no less').toBeGreaterThanOrEqual(settled + held)
      }
      const onDisk = fold.reserved.tokens
      if (isCut) journal(started(2))
      else {
        account.close()
        expect(account.spent.tokens).toBe(settled + held)
        journal(finished({ ...NO_COST, ...account.spent }))
      }
      expect(fold.cost.tokens).toBe(isCut ? onDisk : settled + held)
      expect(fold.reserved.tokens).toBe(0)
      expect(budget.spent.tokens).toBeLessThanOrEqual(200)
      if (fold.cost.tokens > 0)
        for (const path of ['a.b[1].c', 'a.b[1]', 'a.b', 'a']) expect(createSpent(fold)(path)?.tokens).toBe(fold.cost.tokens)
    }),
  )
})

test('what a run still held when it ended, or when a step is tried from the beginning, is spent', async () => {
  for (const end of [
    { type: 'run-finished', state: 'cancelled' },
    { type: 'step-reset', path: 'a' },
  ] satisfies RunEvent[]) {
    const { fold, journal, live, budget } = liveRun(200)
    journal(started(1))
    await createAccount(live, budget, 'a.b[1].c').reserve({ tokens: 30, micros: 7 })
    journal(end)
    expect(fold.cost).toMatchObject({ tokens: 30, micros: 7 })
    expect(fold.reserved).toMatchObject({ tokens: 0, micros: 0 })
  }
})

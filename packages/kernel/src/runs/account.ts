import { LifeOsError, type Cost } from '@life-os/contract'
import type { CallAccount } from '../models/types.ts'
import { NO_COST, type BudgetAccount } from './interpreter/budget.ts'
import type { LiveRun } from './live.ts'

/** The account of one try. Closed with it: what is still reserved then is settled in full. */
export interface TryAccount extends CallAccount {
  close(): void
}

type Money = Pick<Cost, 'tokens' | 'micros'>

/**
 * Reserves in the budgets above, and in the journal before anything is spent, so that a try that is cut off has a price. A
 * settlement is not journaled by itself: the end of the try carries what all of it cost, and a further reservation what the
 * ones before it came to.
 */
export function createAccount(live: LiveRun, budget: BudgetAccount, path: string): TryAccount {
  const spent: Money = { tokens: 0, micros: 0 }
  let ahead: Money = { tokens: 0, micros: 0 } // how far the journal is above what was spent and is reserved
  const open = new Set<() => void>()
  return {
    spent,
    async reserve({ tokens, micros }) {
      if (live.halt && live.halt !== 'pause')
        throw new LifeOsError('call-revoked', 'The run was stopped before this was paid for.', { applied: 'no' })
      const reservation = budget.reserve({ ...NO_COST, tokens, micros })
      const cost = { ...NO_COST, tokens: tokens - ahead.tokens, micros: micros - ahead.micros }
      ahead = { tokens: 0, micros: 0 }
      const settle = (actual: Money): void => {
        if (!open.delete(inFull)) return
        reservation.settle({ ...NO_COST, tokens: actual.tokens, micros: actual.micros })
        spent.tokens += actual.tokens
        spent.micros += actual.micros
        ahead = { tokens: ahead.tokens + tokens - actual.tokens, micros: ahead.micros + micros - actual.micros }
      }
      const inFull = (): void => settle({ tokens, micros })
      open.add(inFull)
      try {
        await live.commit({ type: 'budget-reserved', path, cost })
      } catch (error) {
        settle({ tokens: 0, micros: 0 })
        throw error
      }
      return { settle }
    },
    close() {
      for (const inFull of open) inFull()
    },
  }
}

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NO_COST, createBudget, limitsOf, tighter } from './budget.ts'

const step = { ...NO_COST, steps: 1 }

describe('budgets', () => {
  it('refuse what would pass a limit, and reserve nothing then', () => {
    const budget = createBudget({ steps: 1 })
    budget.reserve(step).settle(step)
    expect(() => budget.reserve(step)).toThrow(/budget for steps is used up/)
    expect(budget.spent.steps).toBe(1)
  })

  it('never exceed any limit of the tree, whatever the order of reserving and settling', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ child: fc.nat(2), ask: fc.nat(5), settleNow: fc.boolean(), actual: fc.nat(5) }), { maxLength: 60 }),
        (moves) => {
          const root = createBudget({ tokens: 20 })
          const children = [root.child({ tokens: 8 }), root.child({}), root.child({ tokens: 3 })]
          for (const move of moves) {
            const child = children[move.child]
            try {
              const reserved = child?.reserve({ ...NO_COST, tokens: move.ask })
              if (move.settleNow) reserved?.settle({ ...NO_COST, tokens: Math.min(move.actual, move.ask) })
            } catch (error) {
              expect(error).toMatchObject({ code: 'budget-exceeded' })
            }
            expect(root.spent.tokens).toBeLessThanOrEqual(20)
            expect(children[0]?.spent.tokens).toBeLessThanOrEqual(8)
            expect(children[2]?.spent.tokens).toBeLessThanOrEqual(3)
            expect(root.spent.tokens).toBe(children.reduce((sum, one) => sum + one.spent.tokens, 0))
          }
        },
      ),
    )
  })

  it('settle once', () => {
    const budget = createBudget({ steps: 10 })
    const reserved = budget.reserve(step)
    reserved.settle(step)
    reserved.settle(step)
    expect(budget.spent.steps).toBe(1)
  })

  it('read amounts and durations', () => {
    expect(limitsOf({ money: '0.10 USD', time: '10m', steps: 5 })).toEqual({ micros: 100_000, time: 600_000, steps: 5 })
    expect(tighter({ steps: 5, time: 10 }, { steps: 3 })).toEqual({ steps: 3, time: 10 })
  })
})

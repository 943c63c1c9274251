import { LifeOsError, milliseconds, type Budget, type Cost } from '@life-os/contract'

/** What a budget allows: absent parts are unlimited. Time in milliseconds, money in micro-units. */
export interface Limits {
  steps?: number
  tokens?: number
  micros?: number
  time?: number
  deadline?: number
}

/** Reserve before, settle after. A child reserves from its parent too, so that a tree of steps never exceeds any of its limits. */
export interface BudgetAccount {
  /** @throws `budget-exceeded` and reserves nothing when a limit of this account or an ancestor would be passed. */
  reserve(cost: Cost): Reservation
  /** `spent`: what this account has spent already, which the accounts above it know of (a run that goes on). */
  child(limits: Limits, spent?: Cost): BudgetAccount
  /** What may still be spent here: the least that this account and its ancestors leave. Absent parts are unlimited. */
  left(): Limits
  readonly spent: Readonly<Cost>
  readonly limits: Limits
}
export interface Reservation {
  settle(actual: Cost): void
}

export const NO_COST: Readonly<Cost> = { tokens: 0, micros: 0, time: 0, steps: 0 }

export function limitsOf(budget: Budget | undefined): Limits {
  if (!budget) return {}
  return {
    ...(budget.steps !== undefined && { steps: budget.steps }),
    ...(budget.tokens !== undefined && { tokens: budget.tokens }),
    ...(budget.money !== undefined && { micros: microsOf(budget.money) }),
    ...(budget.time !== undefined && { time: milliseconds(budget.time) }),
    ...(budget.deadline !== undefined && { deadline: milliseconds(budget.deadline) }),
  }
}

/** The tighter of two limits, part by part. */
export function tighter(a: Limits, b: Limits): Limits {
  const result: Limits = { ...a }
  for (const part of ['steps', 'tokens', 'micros', 'time', 'deadline'] as const) {
    const [left, right] = [a[part], b[part]]
    const least = left === undefined ? right : right === undefined ? left : Math.min(left, right)
    if (least !== undefined) result[part] = least
  }
  return result
}

export function createBudget(limits: Limits, spent: Cost = { ...NO_COST }, parent: BudgetAccount | null = null): BudgetAccount {
  const total: Cost = { ...spent }
  const account: BudgetAccount = {
    limits,
    spent: total,
    left: () => tighter(parent?.left() ?? {}, leftOf(limits, total)),
    child: (childLimits, already = NO_COST) => createBudget(childLimits, { ...already }, account),
    reserve(cost) {
      refuseBeyond(limits, total, cost)
      const above = parent?.reserve(cost)
      add(total, cost, 1)
      let open = true
      return {
        settle(actual) {
          if (!open) return
          open = false
          add(total, cost, -1)
          add(total, actual, 1)
          above?.settle(actual)
        },
      }
    },
  }
  return account
}

function leftOf(limits: Limits, total: Cost): Limits {
  const left: Limits = {}
  for (const part of ['steps', 'tokens', 'micros', 'time'] as const) {
    const limit = limits[part]
    if (limit !== undefined) left[part] = Math.max(0, limit - total[part])
  }
  return left
}

const WORDS = { steps: 'steps', tokens: 'tokens', micros: 'money', time: 'time' } as const

function refuseBeyond(limits: Limits, total: Cost, cost: Cost): void {
  for (const part of ['steps', 'tokens', 'micros', 'time'] as const) {
    const limit = limits[part]
    if (limit === undefined || total[part] + cost[part] <= limit) continue
    const message = `The budget for ${WORDS[part]} is used up (${total[part]} of ${limit}). What was done stays done; raise the budget and resume to go on.`
    throw new LifeOsError('budget-exceeded', message, { class: 'user', applied: 'no', details: { part, spent: total[part], limit } })
  }
}

export function add(sum: Cost, cost: Cost, sign: 1 | -1 = 1): void {
  sum.steps += sign * cost.steps
  sum.tokens += sign * cost.tokens
  sum.micros += sign * cost.micros
  sum.time += sign * cost.time
}

function microsOf(money: string): number {
  const [amount = '0'] = money.split(' ')
  const [whole = '0', part = ''] = amount.split('.')
  return Number(whole) * 1_000_000 + Number(part.padEnd(6, '0'))
}

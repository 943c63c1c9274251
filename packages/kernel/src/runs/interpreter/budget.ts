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
  for (const part of PARTS) {
    const [left, right] = [a[part], b[part]]
    const least = left === undefined ? right : right === undefined ? left : Math.min(left, right)
    if (least !== undefined) result[part] = least
  }
  return result
}

const PARTS = ['steps', 'tokens', 'micros', 'time', 'deadline'] as const

/** The wider of two limits, part by part; a part that only one has is kept. */
export function higher(a: Limits, b: Limits = {}): Limits {
  const result: Limits = { ...a }
  for (const part of PARTS) {
    const other = b[part]
    if (other !== undefined) result[part] = Math.max(other, a[part] ?? other)
  }
  return result
}

/** Limits with what people raised of them since. What was never limited stays so. */
export function raisedBy(limits: Limits, raised: Limits | undefined): Limits {
  const wider = higher(limits, raised)
  return Object.fromEntries(Object.entries(wider).filter(([part]) => limits[part as keyof Limits] !== undefined)) // keys of limits
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
    const [spent, needs] = [total[part], cost[part]]
    if (limit === undefined || spent + needs <= limit) continue
    const words = { spent: amount(part, spent), limit: amount(part, limit), needs: amount(part, needs) }
    const why = spent >= limit ? `is used up (${words.spent} of ${words.limit})` : shortOf(words)
    const message = `The budget for ${WORDS[part]} ${why}. What was done stays done; allow it more and resume to go on.`
    throw new LifeOsError('budget-exceeded', message, { class: 'user', applied: 'no', details: { part, spent, limit, needs } })
  }
}

const shortOf = ({ spent, limit, needs }: Record<'spent' | 'limit' | 'needs', string>): string =>
  `does not suffice: ${spent} of ${limit} are spent, and the next step may take ${needs}`

/** As a person reads it. */
function amount(part: keyof typeof WORDS, value: number): string {
  if (part === 'micros') return (value / 1_000_000).toFixed(6).replace(/(\.\d\d\d*?)0+$/, '$1')
  return part === 'time' ? `${Number((value / 1000).toFixed(1))} s` : value.toLocaleString('en')
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

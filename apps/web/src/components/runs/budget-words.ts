import type { Budget, ErrorShape } from '@life-os/contract'

/** `20000 tokens, 0.10 USD`: what a budget allows, as a person says it. */
export function budgetWords({ tokens, money, time, deadline, steps }: Budget): string {
  const words = [
    tokens === undefined ? null : `${tokens} tokens`,
    money ?? null,
    time === undefined ? null : `${time} of work`,
    deadline === undefined ? null : `${deadline} from now`,
    steps === undefined ? null : `${steps} steps`,
  ]
  return words.filter((word) => word !== null).join(', ')
}

/** Which limit a run stopped at, in units of a field that allows it more. */
export interface Reached {
  part: 'tokens' | 'money' | 'time' | 'deadline' | 'steps'
  label: string
  unit: string
  spent: number
  limit: number
  /** As much again as it was given, and at least twice what its next step may take. */
  suggested: number
}

const PARTS = {
  tokens: { part: 'tokens', label: 'Tokens', unit: 'tokens', one: 1, round: 0 },
  steps: { part: 'steps', label: 'Steps', unit: 'steps', one: 1, round: 0 },
  micros: { part: 'money', label: 'Money', unit: 'USD', one: 1_000_000, round: 2 },
  time: { part: 'time', label: 'Time', unit: 'minutes', one: 60_000, round: 0 },
  deadline: { part: 'deadline', label: 'Time from now', unit: 'minutes', one: 60_000, round: 0 },
} as const

/** Null where it did not stop at a limit of its own. */
export function reachedBy(error: ErrorShape | null): Reached | null {
  if (error?.code !== 'budget-exceeded') return null
  const { part, spent, limit, needs = 0 } = error.details ?? {}
  const known = typeof part === 'string' && Object.hasOwn(PARTS, part) ? PARTS[part as keyof typeof PARTS] : null // just checked
  if (!known || typeof spent !== 'number' || typeof limit !== 'number' || typeof needs !== 'number') return null
  const { one, round, ...rest } = known
  const least = 10 ** -round
  const shown = (value: number): number => Number((value / one).toFixed(round === 0 ? 1 : 4))
  const suggested = Math.max(least, Math.ceil(Math.max(limit, 2 * needs) / one / least) * least)
  return { ...rest, spent: shown(spent), limit: shown(limit), suggested: Number(suggested.toFixed(round)) }
}

/** Null: not an amount above nothing. */
export function budgetOf({ part }: Reached, text: string): Budget | null {
  const amount = Number(text.replaceAll(/[ ,](?=\d{3})/g, '').replace(',', '.'))
  if (text.trim() === '' || !Number.isFinite(amount) || amount <= 0) return null
  switch (part) {
    case 'tokens':
    case 'steps':
      return { [part]: Math.ceil(amount) }
    case 'money':
      return { money: `${Math.max(amount, 0.000001).toFixed(6)} USD` }
    case 'time':
    case 'deadline':
      return { [part]: `${Math.max(1, Math.round(amount * 60))}s` }
  }
}

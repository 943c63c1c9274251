import { LifeOsError, type Budget } from '@life-os/contract'

const WAYS: readonly [RegExp, (amount: string, unit: string) => Budget][] = [
  [/^(\d+) ?tokens?$/i, (amount) => ({ tokens: Number(amount) })],
  [/^(\d+) ?steps?$/i, (amount) => ({ steps: Number(amount) })],
  [/^(\d+(?:\.\d{1,6})?) ?([a-z]{3})$/i, (amount, currency) => ({ money: `${amount} ${currency.toUpperCase()}` })],
  [/^(\d+(?:\.\d+)?) ?(ms|s|m|h|d)$/i, (amount, unit) => ({ time: `${amount}${unit.toLowerCase()}` })],
  [/^(\d+(?:\.\d+)?(?:ms|s|m|h|d)) from now$/i, (duration) => ({ deadline: duration.toLowerCase() })],
]

/** `20000 tokens, 0.50 USD, 10m, 5 steps, 2h from now`. Errors: `input-invalid`. */
export function budgetFrom(text: string): Budget {
  const budget: Budget = {}
  for (const part of text.split(',').map((one) => one.trim())) {
    const found = WAYS.map(([pattern, read]) => {
      const match = pattern.exec(part)
      return match && read(match[1] ?? '', match[2] ?? '')
    }).find((one) => one !== null)
    if (!found)
      throw new LifeOsError(
        'input-invalid',
        `--budget ${part}: say what it may spend from here on, for example "20000 tokens", "0.50 USD", "10m", "5 steps" or "2h from now"; several with commas.`,
      )
    Object.assign(budget, found)
  }
  return budget
}

/** For a run that stopped at a limit: an example that would take it further; null where that is not what stopped it. */
export function budgetNeeded(error: { code: string; details?: Record<string, unknown> | undefined } | null): string | null {
  if (error?.code !== 'budget-exceeded') return null
  const { part, limit, needs } = error.details ?? {}
  const most = Math.max(1, typeof limit === 'number' ? limit : 0, typeof needs === 'number' ? 2 * needs : 0)
  switch (part) {
    case 'tokens':
    case 'steps':
      return `${most} ${part}`
    case 'micros':
      return `${Math.max(0.01, most / 1_000_000).toFixed(2)} USD`
    case 'deadline':
      return `${Math.ceil(most / 60_000)}m from now`
    case 'time':
      return `${Math.ceil(most / 60_000)}m`
    default:
      return null
  }
}

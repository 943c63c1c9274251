import type { BudgetState, ModelUsage } from '@life-os/contract'
import { money } from '../../lib/format.ts'

/** `0.0048 $`: a call often costs less than a cent, and here that is what is compared. */
export const smallMoney = (micros: number): string =>
  micros > 0 && micros < 10_000
    ? `${Number((micros / 1_000_000).toPrecision(2))
        .toFixed(6)
        .replace(/0+$/, '')} $`
    : money(micros)

const BY_HAND: Record<string, string> = { 'life-os.test': 'tried by hand', 'life-os.qualify': 'measured' }

/** Who or what asked. */
export const askedBy = ({ agent, tool }: Pick<ModelUsage, 'agent' | 'tool'>): string => agent ?? BY_HAND[tool ?? ''] ?? tool ?? ''

/** `model-rate-limited` as a person reads it. */
export const outcomeWords = (outcome: string): string =>
  outcome === 'open' ? 'on its way' : outcome.replace(/^model-/, '').replaceAll('-', ' ')

/** Whose limit it is. Who is alone here is called you, not by an id. */
export function whose({ person }: Pick<BudgetState, 'person'>, all: readonly Pick<BudgetState, 'person'>[]): string {
  if (person === null) return 'Everybody'
  return all.filter((each) => each.person !== null).length === 1 ? 'You' : person
}

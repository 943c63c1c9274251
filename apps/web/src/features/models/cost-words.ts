import type { ModelUsage } from '@life-os/contract'
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

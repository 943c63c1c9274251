import type { Agent } from '@life-os/contract'
import { number } from '../../lib/format.ts'

const UNITS: Record<string, string> = { ms: 'ms', s: 'seconds', m: 'minutes', h: 'hours', d: 'days' }

/** `30 minutes · 400,000 tokens`: what one turn may take of each. */
export function budgetWords(budget: Agent['limits']['budget']): string {
  const parts = Object.entries(budget ?? {}).map(([part, value]) => {
    if (part === 'time' || part === 'deadline') return timeWords(String(value))
    return part === 'money' ? String(value) : `${number(Number(value))} ${part}`
  })
  return parts.length === 0 ? 'as the run has it' : parts.join(' · ')
}

/** `30m` as it is said; what is not a plain amount stays. */
function timeWords(time: string): string {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(time) ?? []
  if (amount === undefined || unit === undefined) return time
  const word = UNITS[unit] ?? unit
  return `${amount} ${amount === '1' && unit !== 'ms' ? word.slice(0, -1) : word}`
}

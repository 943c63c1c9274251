import canonicalize from 'canonicalize'
import type { CallResult } from './types.ts'

/** What to do with a call before it is made. `again`: it was told already that this leads nowhere. */
export type Verdict = 'make' | 'repeated' | 'again'

/** Same call, same result, twice: a third time brings nothing new. A result that changes is progress, whatever the call. */
const MOST = 2

export interface Repeats {
  verdict(tool: string, input: unknown): Verdict
  note(tool: string, input: unknown, result: Pick<CallResult, 'output' | 'failed'>): void
  /** Something was changed: what was seen before may look different now. */
  changed(): void
}

export function createRepeats(): Repeats {
  const seen = new Map<string, { result: string; times: number; refused: boolean }>()
  const keyOf = (tool: string, input: unknown): string => `${tool}\0${canonicalize(input) ?? ''}`
  return {
    verdict(tool, input) {
      const known = seen.get(keyOf(tool, input))
      if (!known || known.times < MOST) return 'make'
      if (known.refused) return 'again'
      known.refused = true
      return 'repeated'
    },
    note(tool, input, { output, failed }) {
      const key = keyOf(tool, input)
      const result = canonicalize([output, failed]) ?? ''
      const known = seen.get(key)
      const times = known?.result === result ? known.times + 1 : 1
      seen.set(key, { result, times, refused: false })
    },
    changed: () => seen.clear(),
  }
}

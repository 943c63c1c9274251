const LARGE = 1000 // rows
const FRESH = 1000 // ms
const KEPT = 100 // questions

/**
 * Totals of long lists. Counting a long list costs far more than reading one page of it, so a total above a thousand is
 * said again for a second; shorter lists are counted each time.
 */
export function createTotals(now: () => number): { of(question: string, count: () => Promise<number>): Promise<number> } {
  const known = new Map<string, { total: number; until: number }>()
  return {
    async of(question, count) {
      const last = known.get(question)
      if (last && now() < last.until) return last.total
      const total = await count()
      known.delete(question)
      if (total <= LARGE) return total
      if (known.size >= KEPT) known.clear()
      known.set(question, { total, until: now() + FRESH })
      return total
    },
  }
}

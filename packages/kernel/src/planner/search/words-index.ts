/**
 * Okapi BM25 over texts of a few fields: a rare word counts more than a common one, and a short text more than a long one.
 * Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), 3.1.
 */
export interface WordsIndex {
  /** Ids with a score above 0, best first. */
  search(keys: readonly string[]): { id: string; score: number }[]
}

const K1 = 1.2
const B = 0.6

/** `texts`: keys with how much each counts, by id. */
export function createWordsIndex(texts: ReadonlyMap<string, ReadonlyMap<string, number>>): WordsIndex {
  const lengths = new Map<string, number>()
  const holders = new Map<string, Map<string, number>>()
  for (const [id, keys] of texts) {
    lengths.set(
      id,
      [...keys.values()].reduce((sum, weight) => sum + weight, 0),
    )
    for (const [key, weight] of keys) {
      const found = holders.get(key) ?? new Map<string, number>()
      holders.set(key, found.set(id, weight))
    }
  }
  const mean = [...lengths.values()].reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.size)
  return {
    search(keys) {
      const scores = new Map<string, number>()
      for (const key of new Set(keys)) {
        const held = holders.get(key)
        if (!held) continue
        const rarity = Math.log(1 + (texts.size - held.size + 0.5) / (held.size + 0.5))
        for (const [id, weight] of held) {
          const much = (weight * (K1 + 1)) / (weight + K1 * (1 - B + (B * (lengths.get(id) ?? mean)) / mean))
          scores.set(id, (scores.get(id) ?? 0) + rarity * much)
        }
      }
      return [...scores].map(([id, score]) => ({ id, score })).toSorted((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
    },
  }
}

/** Keys with how much each counts, of fields with a weight each. */
export function weighed(fields: readonly (readonly [keys: readonly string[], weight: number])[]): Map<string, number> {
  const keys = new Map<string, number>()
  for (const [found, weight] of fields) for (const key of found) keys.set(key, (keys.get(key) ?? 0) + weight)
  return keys
}

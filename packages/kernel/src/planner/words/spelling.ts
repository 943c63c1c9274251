/** Slips of the hand between two words: letters left out, put in, changed or swapped (optimal string alignment); `most + 1` for more than `most`. */
export function slips(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let row = 1; row <= a.length; row += 1) {
    const now = [row]
    for (let at = 1; at <= b.length; at += 1) {
      const same = a[row - 1] === b[at - 1]
      const swapped = row > 1 && at > 1 && a[row - 1] === b[at - 2] && a[row - 2] === b[at - 1]
      now.push(
        Math.min(
          (last[at] ?? 0) + 1,
          (now[at - 1] ?? 0) + 1,
          (last[at - 1] ?? 0) + (same ? 0 : 1),
          swapped ? (before[at - 2] ?? 0) + 1 : Infinity,
        ),
      )
    }
    if (Math.min(...now) > most) return most + 1
    ;[before, last] = [last, now]
  }
  return Math.min(last[b.length] ?? most + 1, most + 1)
}

/** The one of some names that a word is a slip of; null where none is near, or two are equally near. Short words have no room for slips. */
export function nearest(word: string, names: Iterable<string>): string | null {
  const low = word.toLowerCase()
  const most = low.length < 4 ? 0 : low.length < 8 ? 1 : 2
  let best: string[] = []
  let least = most
  for (const name of new Set(names)) {
    const by = slips(low, name.toLowerCase(), least)
    if (by > least) continue
    best = by < least ? [name] : [...best, name]
    least = by
  }
  return best.length === 1 ? (best[0] ?? null) : null
}

/** `; did you mean …?` when one of the candidates is close to what was written, else nothing. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const limit = word.length > 5 ? 2 : 1
  let best: { word: string; distance: number } | undefined
  let looked = 0
  for (const candidate of candidates) {
    looked += 1
    if (looked > 300) break // a plan full of faults still checks in linear time
    if (Math.abs(candidate.length - word.length) > limit) continue
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (distance <= limit && (!best || distance < best.distance)) best = { word: candidate, distance }
  }
  return best ? `; did you mean \`${best.word}\`?` : ''
}

/** Levenshtein's distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length] ?? 0
}

/** Names for a message: the first few, then how many more. */
export function some(names: Iterable<string>): string {
  const all = [...names]
  return all.length === 0 ? 'none' : all.length <= 8 ? all.join(', ') : `${all.slice(0, 8).join(', ')} and ${all.length - 8} more`
}

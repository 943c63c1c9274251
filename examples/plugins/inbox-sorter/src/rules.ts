export interface Rule {
  /** A name with `*` for any characters. */
  match: string
  /** A folder below the watched one. */
  to: string
}

/** Where a file goes by the first rule that fits its name, or null. */
export function targetOf(name: string, rules: readonly Rule[]): string | null {
  return rules.find(({ match }) => fits(match.toLowerCase(), name.toLowerCase()))?.to ?? null
}

/** Looks for each piece between the stars once, from left to right: no pattern makes it slow. */
function fits(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop()
  if (last === undefined) return pattern === name
  if (!name.startsWith(first)) return false
  let at = first.length
  for (const piece of rest) {
    const found = name.indexOf(piece, at)
    if (found < 0) return false
    at = found + piece.length
  }
  return name.length - last.length >= at && name.endsWith(last)
}

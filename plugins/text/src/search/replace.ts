import type { Query } from './query.ts'
import { findMatches } from './query.ts'

/**
 * The text with every match replaced. In an expression's replacement `$1`…`$99`, `$<name>` and `$&` stand for what matched
 * and `$$` for a dollar sign; a group that is not there stays as written. A plain search replaces by the text as it is.
 */
export function replaceMatches(text: string, query: Query, replacement: string, limit: number): { text: string; count: number } {
  const parts: string[] = []
  let last = 0
  let count = 0
  for (const match of findMatches(text, query)) {
    if (count >= limit) break
    parts.push(text.slice(last, match.start), query.regex ? expand(replacement, match) : replacement)
    last = match.end
    count += 1
  }
  return count === 0 ? { text, count } : { text: parts.join('') + text.slice(last), count }
}

function expand(replacement: string, match: { groups: (string | null)[]; named: Record<string, string | null> }): string {
  return replacement.replace(/\$(\$|&|\d{1,2}|<([A-Za-z_]\w{0,60})>)/g, (whole: string, what: string, name: string | undefined) => {
    if (what === '$') return '$'
    if (what === '&') return match.groups[0] ?? ''
    if (name !== undefined) return Object.hasOwn(match.named, name) ? (match.named[name] ?? '') : whole
    return numbered(what, match.groups) ?? whole
  })
}

/** `$12` is group 12 where there is one, else group 1 followed by a 2. */
function numbered(digits: string, groups: (string | null)[]): string | null {
  const both = Number(digits)
  if (both > 0 && both < groups.length) return groups[both] ?? ''
  const first = Number(digits[0])
  return digits.length === 2 && first > 0 && first < groups.length ? `${groups[first] ?? ''}${digits[1]}` : null
}

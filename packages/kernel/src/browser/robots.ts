/** Rules of one robots.txt for one agent (RFC 9309). */
export interface Robots {
  allows(path: string): boolean
}

interface Rule {
  allow: boolean
  pattern: string
}
interface Group {
  agents: string[]
  rules: Rule[]
}

const EVERYTHING: Robots = { allows: () => true }
/** RFC 9309, section 2.5: more need not be read. */
const LONGEST = 512 * 1024

export function parseRobots(text: string, agent: string): Robots {
  const groups = groupsOf(text.slice(0, LONGEST))
  const own = groups.filter(({ agents }) => agents.includes(agent.toLowerCase()))
  const rules = (own.length > 0 ? own : groups.filter(({ agents }) => agents.includes('*'))).flatMap((group) => group.rules)
  return rules.length === 0 ? EVERYTHING : { allows: (path) => verdictOf(rules, path) }
}

function groupsOf(text: string): Group[] {
  const groups: Group[] = []
  let open: Group | null = null
  for (const line of text.split(/\r\n|\r|\n/)) {
    const [, key, value] = /^\s*([A-Za-z-]+)\s*:\s*([^#]*?)\s*(?:#.*)?$/.exec(line) ?? []
    if (key === undefined || value === undefined) continue
    const name = key.toLowerCase()
    if (name === 'user-agent') {
      if (!open || open.rules.length > 0) groups.push((open = { agents: [], rules: [] }))
      open.agents.push(value.toLowerCase())
    } else if ((name === 'allow' || name === 'disallow') && open) {
      if (value !== '') open.rules.push({ allow: name === 'allow', pattern: value })
    }
  }
  return groups
}

/** The longest rule that matches decides; of two as long, the one that allows. Section 2.2.2. */
function verdictOf(rules: readonly Rule[], path: string): boolean {
  let best: Rule | null = null
  for (const rule of rules) {
    if (!matches(rule.pattern, path)) continue
    if (!best || rule.pattern.length > best.pattern.length || (rule.pattern.length === best.pattern.length && rule.allow)) best = rule
  }
  return best?.allow ?? true
}

/** `*` is any text, `$` at the end is the end. In even time: each piece is looked for once, from left to right. */
function matches(pattern: string, path: string): boolean {
  const ends = pattern.endsWith('$')
  const pieces = (ends ? pattern.slice(0, -1) : pattern).split('*')
  const [first = '', ...rest] = pieces
  if (!path.startsWith(first)) return false
  let at = first.length
  for (const [index, piece] of rest.entries()) {
    if (ends && index === rest.length - 1) return path.length - piece.length >= at && path.endsWith(piece)
    const found = path.indexOf(piece, at)
    if (found < 0) return false
    at = found + piece.length
  }
  return !ends || at === path.length
}

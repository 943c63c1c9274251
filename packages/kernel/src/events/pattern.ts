import { LifeOsError } from '@life-os/contract'

export interface Pattern {
  matches(topic: string): boolean
  /** What every matching topic begins with. */
  readonly prefix: string
}

const WORD = /^[A-Za-z0-9_-]+$/

/** Reads a pattern: words between dots, where `*` stands for one word and `**` for any number of them, also none. Throws `pattern-invalid`. */
export function parsePattern(pattern: string): Pattern {
  const words = pattern.split('.')
  if (!words.every((word) => word === '*' || word === '**' || WORD.test(word))) throw invalid(pattern)
  const wild = words.findIndex((word) => word.startsWith('*'))
  const fixed = wild === -1 ? words : words.slice(0, wild)
  return { prefix: fixed.join('.'), matches: (topic) => matchWords(words, topic.split('.')) }
}

/** Classic two-pointer matching: linear for one `**`, and never exponential. */
function matchWords(pattern: readonly string[], topic: readonly string[]): boolean {
  let at = 0
  let star = -1
  let resume = 0
  let word = 0
  while (word < topic.length) {
    if (pattern[at] === '**') {
      star = at++
      resume = word
    } else if (at < pattern.length && (pattern[at] === '*' || pattern[at] === topic[word])) {
      at++
      word++
    } else if (star >= 0) {
      at = star + 1
      word = ++resume
    } else return false
  }
  while (pattern[at] === '**') at++
  return at === pattern.length
}

/** A topic is words between dots. Throws `topic-invalid`. */
export function checkTopic(topic: string): void {
  if (!topic.split('.').every((word) => WORD.test(word)))
    throw new LifeOsError(
      'topic-invalid',
      `“${topic}” is no topic: write words of letters, digits, - and _ with dots between them, such as run.finished.`,
      { applied: 'no' },
    )
}

const invalid = (pattern: string): LifeOsError =>
  new LifeOsError(
    'pattern-invalid',
    `“${pattern}” is no pattern: write words with dots between them, * for one word and ** for any number, such as run.*.`,
  )

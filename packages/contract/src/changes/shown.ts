import type { z } from 'zod'
import type { FileWrite } from './change.ts'

/** The lines of a unified diff without its headers, each with its sign; `⋯` stands where unchanged lines are left out. */
export function diffLines(diff: string): string[] {
  const lines: string[] = []
  let inHunk = false
  for (const line of diff.replace(/\n$/, '').split('\n')) {
    if (/^@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@/.test(line)) {
      if (inHunk) lines.push('⋯')
      inHunk = true
    } else if (inHunk && !line.startsWith('\\')) lines.push(line)
  }
  return lines
}

/** Why a write shows no text, in a sentence; null when it does. `size` is the new content's, in words. */
export function unshownWords(change: z.infer<typeof FileWrite>, size: string | null): string | null {
  if (change.diff !== undefined) {
    if (diffLines(change.diff).length > 0) return null
    return change.before === undefined ? 'An empty file.' : 'It differs only in values that are not shown.'
  }
  if (change.hash === undefined) return 'The content is known only after apply.'
  const facts = [change.type, size].filter((fact) => fact !== undefined && fact !== null).join(', ')
  return facts === '' ? `${reasonOf(change)}.` : `${reasonOf(change)}: ${facts}.`
}

function reasonOf({ unshown, type, before }: z.infer<typeof FileWrite>): string {
  switch (unshown) {
    case 'binary':
      if (before !== undefined) return 'Before or after it is no text in UTF-8, so there is nothing to compare. It becomes'
      return type?.startsWith('text/') ? 'A text that is not in UTF-8, which is not shown' : 'No text, so there is nothing to read'
    case 'large':
      return before === undefined ? 'Too large to be shown here' : 'Too large to be compared here. It becomes'
    case 'changed-much':
      return 'More lines change than can be compared here. It becomes'
    case 'enough':
      return 'Not shown, because this preview holds as much text as it can'
    case undefined:
      return 'What is written is not shown here'
  }
}

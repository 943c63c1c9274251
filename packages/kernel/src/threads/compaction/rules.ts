import { fromColumn } from '../../store/index.ts'
import type { MessageRow } from '../../store/index.ts'
import type { StoredCompaction } from './stored.ts'

const LINE = 200 // characters kept of a message
const LONGEST = 6_000 // characters of the whole

/** A summary without any model: the first line of each message. Where that is too long the oldest lines go first. */
export function summaryByRules(rows: readonly MessageRow[], present: StoredCompaction | null): string {
  const lines = [...(present?.summary.split('\n') ?? []), ...rows.flatMap(lineOf)]
  let length = lines.reduce((sum, line) => sum + line.length + 1, 0)
  let gone = 0
  while (length > LONGEST && gone < lines.length - 1) length -= (lines[gone++]?.length ?? 0) + 1
  return [
    ...(gone > 0 ? ['(what came before this is left out)'] : []),
    ...lines.slice(gone).filter((line) => !line.startsWith('(what came')),
  ].join('\n')
}

function lineOf(row: MessageRow): string[] {
  const attachments = fromColumn(row.attachments_json).map(({ name }) => name)
  const first =
    row.text
      .split('\n')
      .find((line) => line.trim() !== '')
      ?.trim() ?? ''
  const short = first.length > LINE ? `${first.slice(0, LINE).toWellFormed()}…` : first
  const words = [short, attachments.length > 0 ? `[with ${attachments.join(', ')}]` : ''].filter((part) => part !== '').join(' ')
  return words === '' ? [] : [`${row.role === 'person' ? 'Person' : 'Assistant'}: ${words}`]
}

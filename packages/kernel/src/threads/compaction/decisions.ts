import type { Compaction } from '@life-os/contract'
import type { MessageRow, Store } from '../../store/index.ts'
import { keptOf } from '../answer/settle.ts'

type Decision = Compaction['decisions'][number]

const WORDS: Record<string, string> = { approved: 'Approved', refused: 'Refused', expired: 'Left unanswered' }

/** What people decided while these messages were answered, oldest first: approvals and refusals with their reasons, answers to questions. */
export async function decisionsIn({ db }: Pick<Store, 'db'>, rows: readonly MessageRow[]): Promise<Decision[]> {
  const runs = rows.flatMap(({ run }) => run ?? [])
  if (runs.length === 0) return []
  const started = await db.selectFrom('runs').select('id').where('parent', 'in', runs).execute()
  const approvals = await db
    .selectFrom('approvals')
    .select(['kind', 'state', 'title', 'reason', 'answered_at'])
    .where('run', 'in', [...runs, ...started.map(({ id }) => id)])
    .where('state', 'in', Object.keys(WORDS))
    .where('kind', '<>', 'question')
    .orderBy('id')
    .execute()
  const decided = approvals.map(({ state, title, reason, answered_at }) => ({
    at: answered_at ?? 0,
    words: `${WORDS[state] ?? state}: ${title}${reason ? ` (“${reason}”)` : ''}`,
  }))
  const answered = rows.flatMap((row) =>
    (keptOf(row)?.parts ?? []).flatMap((part) =>
      part.type === 'question' && part.answer !== null ? [{ at: row.at, words: `Asked “${part.text}”, answered “${part.answer}”` }] : [],
    ),
  )
  return [...decided, ...answered].toSorted((a, b) => a.at - b.at)
}

import { sql } from 'kysely'
import type { Kysely, RawBuilder } from 'kysely'
import type { SearchQuery } from './query.ts'

/** The words are folded already: PostgreSQL's own parser and dictionaries, which differ by locale, have no part in it. */
const vector = (column: string): string => `array_to_tsvector(string_to_array(${column}, ' '))`

/** An index over a table's column `words`. */
export async function makeSearchable(db: Kysely<unknown>, table: string): Promise<void> {
  await sql.raw(`create index ${table}_words on ${table} using gin (${vector('words')})`).execute(db)
}

/** True for rows of the table whose words hold all that is asked for. The index finds the words, their order is looked at after. */
export function matchesInPostgres(table: string, query: SearchQuery): RawBuilder<boolean> {
  const column = sql.ref(`${table}.words`)
  const lexemes = query.flatMap(({ words, open }) =>
    words.map((word, index) => `'${word}'${open && index === words.length - 1 ? ':*' : ''}`),
  )
  const phrases = query
    .filter(({ words }) => words.length > 1)
    .map(({ words, open }) => sql`and ' ' || ${column} || ' ' like ${`% ${words.join(' ')}${open ? '' : ' '}%`}`)
  return sql<boolean>`(${sql.raw(vector(`${table}.words`))} @@ ${lexemes.join(' & ')}::tsquery ${sql.join(phrases, sql` `)})`
}

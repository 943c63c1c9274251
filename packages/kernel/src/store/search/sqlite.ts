import { sql } from 'kysely'
import type { Kysely, RawBuilder } from 'kysely'
import type { SearchQuery } from './query.ts'

/**
 * An index over a table's column `words`, kept by triggers. Full-text rows go by whole numbers, which a table with a text
 * key gets from a table of its own: SQLite may give a row without an integer key another number. The words are folded
 * already, so the tokenizer only parts them at spaces.
 */
export async function makeSearchable(db: Kysely<unknown>, table: string): Promise<void> {
  for (const statement of [
    `create table ${table}_numbers (number integer primary key autoincrement, id text not null unique) strict`,
    `create virtual table ${table}_words using fts5(words, content='', contentless_delete=1, tokenize='ascii')`,
    `create trigger ${table}_words_insert after insert on ${table} begin
      insert into ${table}_numbers (id) values (new.id);
      insert into ${table}_words (rowid, words) select number, new.words from ${table}_numbers where id = new.id;
    end`,
    `create trigger ${table}_words_update after update of words on ${table} when old.words <> new.words begin
      delete from ${table}_words where rowid = (select number from ${table}_numbers where id = new.id);
      insert into ${table}_words (rowid, words) select number, new.words from ${table}_numbers where id = new.id;
    end`,
    `create trigger ${table}_words_delete after delete on ${table} begin
      delete from ${table}_words where rowid = (select number from ${table}_numbers where id = old.id);
      delete from ${table}_numbers where id = old.id;
    end`,
  ])
    await sql.raw(statement).execute(db)
}

/** True for rows of the table whose words hold all that is asked for. */
export function matchesInSqlite(table: string, query: SearchQuery): RawBuilder<boolean> {
  const words = sql.table(`${table}_words`)
  const numbers = sql.table(`${table}_numbers`)
  const match = query.map(({ words: [...wanted], open }) => `"${wanted.join(' ')}"${open ? ' *' : ''}`).join(' AND ')
  return sql<boolean>`${sql.ref(`${table}.id`)} in (select ${numbers}.id from ${words} join ${numbers} on ${numbers}.number = ${words}.rowid where ${words} match ${match})`
}

import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'

/** For `where`: the run that a column names is not kept for another person alone. A run that is gone is anybody's. */
export function mayBeReadBy(person: string, run: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql<boolean>`not exists (select 1 from runs as kept where kept.id = ${run} and kept.only_for <> ${person})`
}

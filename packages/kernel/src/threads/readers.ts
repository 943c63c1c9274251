import { fromColumn, type Store } from '../store/index.ts'
import { COMPACT_THREAD } from './compaction/plan.ts'
import { CHAT_TURN } from './turn/plan.ts'

/** Who may read a run: an answer of a conversation holds what was said before it, and a conversation is its person's alone. */
export interface RunReaders {
  mayRead(run: string, person: string): Promise<boolean>
}

const DEEPEST = 40 // plans of plans, and what takes them back
const KEPT = 1000

export function createRunReaders({ db }: Pick<Store, 'db'>): RunReaders {
  const owners = new Map<string, string>()
  const personOf = (thread: string) => db.selectFrom('threads').select('person').where('id', '=', thread).executeTakeFirst()

  /** The person whose conversation a run belongs to; null: to none. */
  async function ownerOf(run: string): Promise<{ person: string; sure: boolean } | null> {
    let at: string | null = run
    for (let depth = 0; at !== null && depth < DEEPEST; depth += 1) {
      const row = await db
        .selectFrom('runs')
        .select(['parent', 'of', 'plan_id', 'inputs_json', 'actor_json'])
        .where('id', '=', at)
        .executeTakeFirst()
      if (!row) return null
      const said = await db.selectFrom('messages').select('thread').where('run', '=', at).executeTakeFirst()
      const named = row.plan_id === COMPACT_THREAD ? fromColumn(row.inputs_json)['thread'] : undefined
      const thread = said?.thread ?? named
      const found = typeof thread === 'string' ? await personOf(thread) : undefined
      if (found) return { person: found.person, sure: true }
      if (row.plan_id === CHAT_TURN || row.plan_id === COMPACT_THREAD) return { person: fromColumn(row.actor_json).id, sure: false } // its thread is gone, or not told of it yet
      at = row.parent ?? row.of
    }
    return null
  }

  return {
    async mayRead(run, person) {
      const known = owners.get(run)
      if (known !== undefined) return known === person
      const owner = await ownerOf(run)
      if (owner === null) return true
      if (owners.size >= KEPT) owners.clear()
      if (owner.sure) owners.set(run, owner.person)
      return owner.person === person
    },
  }
}

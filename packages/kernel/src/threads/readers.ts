import type { Store } from '../store/index.ts'

/** Who may read a run: an answer of a conversation holds what was said before it, and a conversation is its person's alone. */
export interface RunReaders {
  mayRead(run: string, person: string): Promise<boolean>
  mayReadThread(thread: string, person: string): Promise<boolean>
  /**
   * Bytes that only runs and threads keep which this person may not read are theirs as little. What nothing keeps, or what
   * anything else keeps too, is anybody's who knows its name.
   */
  mayReadBlob(hash: string, person: string): Promise<boolean>
}

export function createRunReaders({ db }: Pick<Store, 'db'>): RunReaders {
  const mayRead = async (run: string, person: string): Promise<boolean> => {
    const found = await db.selectFrom('runs').select('only_for').where('id', '=', run).executeTakeFirst()
    return found === undefined || found.only_for === null || found.only_for === person
  }
  const mayReadThread = async (thread: string, person: string): Promise<boolean> => {
    const found = await db.selectFrom('threads').select('person').where('id', '=', thread).executeTakeFirst()
    return found === undefined || found.person === person
  }
  /** `run:…`, `thread:…`, `upload:…`: whoever kept it. */
  const mayReadAs = (owner: string, person: string): boolean | Promise<boolean> => {
    const [kind, id = ''] = owner.split(/:(.*)/s)
    if (kind === 'run') return mayRead(id, person)
    if (kind === 'thread') return mayReadThread(id, person)
    return kind === 'upload' ? id === person : true
  }
  return {
    mayRead,
    mayReadThread,
    async mayReadBlob(hash, person) {
      const owners = await db.selectFrom('blob_refs').select('owner').where('hash', '=', hash).limit(200).execute()
      for (const { owner } of owners) if (await mayReadAs(owner, person)) return true
      return owners.length === 0
    },
  }
}

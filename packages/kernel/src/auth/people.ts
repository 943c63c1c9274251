import { LifeOsError } from '@life-os/contract'
import type { Person, Role } from '@life-os/contract'
import type { PersonRow } from '../store/schema.ts'
import type { Store } from '../store/types.ts'

export interface PeopleDependencies {
  store: Pick<Store, 'db' | 'transaction'>
  now(): number
  newId(): string
}

export const personOf = (row: PersonRow): Person => ({
  id: row.id,
  name: row.name,
  role: row.role as Role, // written only from the Role enum
  createdAt: row.created_at,
  hasPassphrase: row.passphrase !== null,
})

/** Rows of people who were not removed. */
export function createPeople({ store, now, newId }: PeopleDependencies) {
  const present = () => store.db.selectFrom('people').selectAll().where('deleted_at', 'is', null)
  const sameName = (left: string, right: string) => left.localeCompare(right, undefined, { sensitivity: 'accent' }) === 0

  const people = {
    all: (): Promise<PersonRow[]> => present().orderBy('created_at').orderBy('id').execute(),
    byId: (id: string): Promise<PersonRow | undefined> => present().where('id', '=', id).executeTakeFirst(),
    async byName(name: string): Promise<PersonRow | undefined> {
      return (await people.all()).find((row) => sameName(row.name, name.trim()))
    },
    async need(id: string): Promise<PersonRow> {
      const row = await people.byId(id)
      if (!row) throw new LifeOsError('person-unknown', 'There is no such person. They may have been removed.')
      return row
    },
    async add(name: string, role: Role): Promise<PersonRow> {
      const trimmed = name.trim()
      if (!trimmed) throw new LifeOsError('name-empty', 'Give the person a name.')
      if (await people.byName(trimmed)) throw new LifeOsError('name-taken', `Someone is already called “${trimmed}”. Choose another name.`)
      const row: PersonRow = { id: newId(), name: trimmed, role, created_at: now(), passphrase: null, deleted_at: null }
      await store.db.insertInto('people').values(row).execute()
      return row
    },
    /** Removes the person with every session, link and token of theirs. */
    async remove(id: string): Promise<void> {
      const row = await people.need(id)
      const admins = (await people.all()).filter((other) => other.role === 'admin')
      if (row.role === 'admin' && admins.length === 1) {
        throw new LifeOsError('last-admin', `${row.name} is the only administrator. Make someone else one first.`)
      }
      await store.transaction(async (tx) => {
        await tx.deleteFrom('sessions').where('person', '=', id).execute()
        await tx.deleteFrom('links').where('person', '=', id).execute()
        await tx.deleteFrom('tokens').where('person', '=', id).execute()
        await tx.updateTable('people').set({ deleted_at: now(), passphrase: null }).where('id', '=', id).execute()
      })
    },
  }
  return people
}
export type People = ReturnType<typeof createPeople>

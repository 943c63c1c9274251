import { LifeOsError, Scope } from '@life-os/contract'
import type { ApiToken } from '@life-os/contract'
import type { TokenRow } from '../store/schema.ts'
import type { PeopleDependencies } from './people.ts'
import { hashOf, newSecret } from './secrets.ts'

const DAY = 86_400_000
const TOUCH = 5 * 60_000
/** So that a token found in a log or a repository is recognised for what it is. */
export const TOKEN_PREFIX = 'lifeos_'

const tokenOf = (row: TokenRow): ApiToken => ({
  id: row.id,
  name: row.name,
  person: row.person,
  scopes: scopesIn(row),
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  usedAt: row.used_at,
})
const scopesIn = (row: TokenRow): Scope[] => Scope.array().parse(JSON.parse(row.scopes))

/** API tokens: shown once, stored by their SHA-256. */
export function createTokens({ store, now, newId }: PeopleDependencies) {
  return {
    /** Of one person, or everyone's. */
    async list(person?: string): Promise<ApiToken[]> {
      let query = store.db.selectFrom('tokens').selectAll().orderBy('created_at').orderBy('id')
      if (person) query = query.where('person', '=', person)
      return (await query.execute()).map(tokenOf)
    },
    async add(
      person: string,
      name: string,
      scopes: readonly Scope[],
      days: number | undefined,
    ): Promise<{ token: ApiToken; secret: string }> {
      const secret = newSecret(TOKEN_PREFIX)
      const at = now()
      const row: TokenRow = {
        id: newId(),
        hash: hashOf(secret),
        name: name.trim(),
        person,
        scopes: JSON.stringify([...new Set(scopes)]),
        created_at: at,
        expires_at: days === undefined ? null : at + days * DAY,
        used_at: null,
      }
      await store.db.insertInto('tokens').values(row).execute()
      return { token: tokenOf(row), secret }
    },
    async remove(id: string, person?: string): Promise<void> {
      let query = store.db.deleteFrom('tokens').where('id', '=', id)
      if (person) query = query.where('person', '=', person)
      const gone = await query.executeTakeFirst()
      if (Number(gone.numDeletedRows) !== 1)
        throw new LifeOsError('token-unknown', 'There is no such token. It may have been revoked already.')
    },
    async find(secret: string): Promise<{ token: ApiToken; person: string } | undefined> {
      const row = await store.db.selectFrom('tokens').selectAll().where('hash', '=', hashOf(secret)).executeTakeFirst()
      const at = now()
      if (!row || (row.expires_at !== null && row.expires_at <= at)) return undefined
      if (at - (row.used_at ?? 0) > TOUCH) await store.db.updateTable('tokens').set({ used_at: at }).where('id', '=', row.id).execute()
      return { token: tokenOf(row), person: row.person }
    },
  }
}
export type Tokens = ReturnType<typeof createTokens>

import type { SessionRow } from '../store/schema.ts'
import type { PeopleDependencies } from './people.ts'
import { hashOf, newSecret } from './secrets.ts'

const DAY = 86_400_000
/** A session ends a month after its last use and half a year after sign-in, whichever comes first. */
const IDLE = 30 * DAY
const LONGEST = 180 * DAY
/** How often the last use is written down. */
const TOUCH = 5 * 60_000
const LINK_TIME = 30 * 60_000

export interface NewSession {
  secret: string
  csrf: string
  expiresAt: number
}

/** Sessions and one-time links: random secrets, stored by their SHA-256 only. */
export function createSessions({ store, now }: PeopleDependencies) {
  const live = async (secret: string): Promise<SessionRow | undefined> => {
    const row = await store.db.selectFrom('sessions').selectAll().where('hash', '=', hashOf(secret)).executeTakeFirst()
    return row && row.expires_at > now() ? row : undefined
  }
  return {
    async open(person: string): Promise<NewSession> {
      const secret = newSecret()
      const csrf = newSecret()
      const at = now()
      await store.db.deleteFrom('sessions').where('expires_at', '<=', at).execute()
      await store.db
        .insertInto('sessions')
        .values({ hash: hashOf(secret), person, csrf, created_at: at, expires_at: at + IDLE, used_at: at })
        .execute()
      return { secret, csrf, expiresAt: at + IDLE }
    },
    /** The session behind a cookie; its use is noted, which keeps it alive. */
    async find(secret: string): Promise<SessionRow | undefined> {
      const row = await live(secret)
      const at = now()
      if (row && at - row.used_at > TOUCH) {
        const until = Math.min(at + IDLE, row.created_at + LONGEST)
        await store.db.updateTable('sessions').set({ used_at: at, expires_at: until }).where('hash', '=', row.hash).execute()
      }
      return row
    },
    async close(secret: string): Promise<void> {
      await store.db.deleteFrom('sessions').where('hash', '=', hashOf(secret)).execute()
    },
    /** Ends every session of a person but the one with this CSRF token. */
    async closeOthers(person: string, keepCsrf: string | undefined): Promise<void> {
      await store.db
        .deleteFrom('sessions')
        .where('person', '=', person)
        .where('csrf', '!=', keepCsrf ?? '')
        .execute()
    },
    /** A secret that signs a person in once, within half an hour. */
    async link(person: string): Promise<string> {
      const secret = newSecret()
      const at = now()
      await store.db
        .deleteFrom('links')
        .where('expires_at', '<=', at - DAY)
        .execute()
      await store.db
        .insertInto('links')
        .values({ hash: hashOf(secret), person, expires_at: at + LINK_TIME, used_at: null })
        .execute()
      return secret
    },
    /** Uses a link up; the person it was for, or undefined when it is unknown, used or too old. Two at once: one wins. */
    async useLink(secret: string): Promise<string | undefined> {
      const hash = hashOf(secret)
      const at = now()
      const used = await store.db
        .updateTable('links')
        .set({ used_at: at })
        .where('hash', '=', hash)
        .where('used_at', 'is', null)
        .where('expires_at', '>', at)
        .executeTakeFirst()
      if (Number(used.numUpdatedRows) !== 1) return undefined
      return (await store.db.selectFrom('links').select('person').where('hash', '=', hash).executeTakeFirst())?.person
    },
  }
}
export type Sessions = ReturnType<typeof createSessions>

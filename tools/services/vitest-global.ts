import { POSTGRES_MISSING, POSTGRES_URL } from './fresh.ts'
import { findPostgres, startPostgres } from './postgres.ts'

/** Vitest's globalSetup: one PostgreSQL for the whole run. Test workers inherit the variables set here. */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env[POSTGRES_URL]) return undefined // somebody else's server
  if (findPostgres() === null) {
    process.env[POSTGRES_MISSING] = 'PostgreSQL is not installed; on Debian or Ubuntu run: apt-get install postgresql'
    return undefined
  }
  const server = await startPostgres()
  process.env[POSTGRES_URL] = server.url
  return async () => {
    delete process.env[POSTGRES_URL]
    await server.stop()
  }
}

import { freshDatabase, POSTGRES_URL } from '../services/fresh.ts'
import type { FreshDatabase } from '../services/fresh.ts'
import { startPostgres } from '../services/postgres.ts'

/** A new database on a private PostgreSQL that ends with it. */
export async function ownDatabase(): Promise<FreshDatabase> {
  const server = await startPostgres()
  process.env[POSTGRES_URL] = server.url
  const database = await freshDatabase()
  return {
    url: database.url,
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]()
      await server.stop()
    },
  }
}

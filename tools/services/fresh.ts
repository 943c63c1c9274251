import { randomUUID } from 'node:crypto'
import { Client } from 'pg'

/** Set by vitest-global.ts for the whole test run. */
export const POSTGRES_URL = 'LIFEOS_TEST_POSTGRES_URL'
/** Set instead when PostgreSQL is not installed: the reason that skipped tests name. */
export const POSTGRES_MISSING = 'LIFEOS_TEST_POSTGRES_MISSING'

export interface FreshDatabase extends AsyncDisposable {
  readonly url: string
}

/** An empty database on the test run's PostgreSQL, dropped with whoever is still connected on disposal. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const server = process.env[POSTGRES_URL]
  if (!server)
    throw new Error(process.env[POSTGRES_MISSING] ?? `${POSTGRES_URL} is not set; run the tests with the repository's vitest.config.ts.`)
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await administer(server, `create database ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.href, [Symbol.asyncDispose]: () => administer(server, `drop database ${name} with (force)`) }
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

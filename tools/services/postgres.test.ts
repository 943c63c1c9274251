import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { expect, test } from 'vitest'
import { findPostgres, startPostgres } from './postgres.ts'

test('no PostgreSQL is found where there is none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'no-postgres-'))
  expect(findPostgres(folder)).toBe(null)
  expect(findPostgres(join(folder, 'missing'))).toBe(null)
  rmSync(folder, { recursive: true })
})

test.skipIf(findPostgres() === null)('a server starts with durable commits, not as root, and is gone after stop', async () => {
  const server = await startPostgres()
  const client = new Client({ connectionString: server.url })
  await client.connect()
  const {
    rows: [settings],
  } = await client.query<{ fsync: string; folder: string; addresses: string }>(
    "select current_setting('fsync') as fsync, current_setting('data_directory') as folder, current_setting('listen_addresses') as addresses",
  )
  expect(settings).toMatchObject({ fsync: 'on', addresses: '127.0.0.1' })
  await client.end()
  await server.stop()
  expect(() => execFileSync('ls', [settings?.folder ?? ''], { stdio: 'ignore' })).toThrow()
  const gone = new Client({ connectionString: server.url })
  await expect(gone.connect()).rejects.toThrow()
})

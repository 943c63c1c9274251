import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { forEachStore } from '../store/testing.ts'
import { openSecrets, token } from './testing.ts'

const rotator = fileURLToPath(new URL('./fixtures/rotator.ts', import.meta.url))
const never = new AbortController().signal
const POINTS = [
  'before key file 1',
  'within key file 1',
  'after key file 1',
  'before the commit',
  'after the commit',
  'before key file 2',
  'within key file 2',
  'after key file 2',
  'at the end',
]

async function killedAt(point: string, home: string, url: string | undefined): Promise<void> {
  const child = spawn(process.execPath, [rotator, home, url ?? '', point], { stdio: ['ignore', 'ignore', 'inherit'] })
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null] // as the event is documented
  expect(signal).toBe('SIGKILL')
}

forEachStore((_name, _open, place) => {
  test.each(POINTS)('a rotation killed %s leaves every secret readable, and the next start ends it', async (point) => {
    await using here = await place()
    const values = ['first-value', 'second-value', 'third-value']
    {
      await using store = await here.open()
      const secrets = await openSecrets(store)
      for (const [index, value] of values.entries()) await secrets.set(token(`s${index}`, value), 'ada')
    }
    await killedAt(point, here.home, here.url)
    await using store = await here.open()
    for (const _again of [1, 2]) {
      const secrets = await openSecrets(store)
      for (const [index, value] of values.entries())
        expect(await secrets.use(`s${index}`, 'api.example:443', never)).toEqual({ kind: 'token', value })
    }
    const { keys } = JSON.parse(fs.readFileSync(path.join(here.home, 'secrets.key'), 'utf8')) as { keys: { id: string }[] } // written by the module
    const rows = await store.db.selectFrom('secrets').select('key_id').execute()
    expect(keys).toHaveLength(1)
    expect(new Set(rows.map(({ key_id }) => key_id))).toEqual(new Set([keys[0]?.id]))
    expect(fs.statSync(path.join(here.home, 'secrets.key')).mode & 0o777).toBe(0o600)
    expect(await (await openSecrets(store)).rotateKey('ada')).toBe(3)
    expect(fs.readdirSync(here.home).filter((name) => name.startsWith('secrets.key'))).toEqual(['secrets.key'])
  })
})

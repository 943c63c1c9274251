import fs from 'node:fs'
import path from 'node:path'
import { createTwoFilesPatch } from 'diff'
import type { Change } from '@life-os/contract'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSecrets, token } from '../../secrets/testing.ts'
import { freshPlace } from '../../store/testing.ts'
import { temporaryFolder } from '../fixtures.ts'
import { createTestHost } from '../testing.ts'
import type { TestHost } from '../testing.ts'

let folder: string
let host: TestHost
beforeEach(async () => {
  folder = temporaryFolder()
  host = await createTestHost(folder)
})
afterEach(async () => {
  await host[Symbol.asyncDispose]()
  fs.rmSync(folder, { recursive: true, force: true })
})
const at = (...names: string[]): string => path.join(folder, ...names)
const signal = new AbortController().signal
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
const KIB = 1024

/** What a preview of these calls shows of the last file that they write. */
async function previewed(...calls: [service: string, ...args: unknown[]][]): Promise<Extract<Change, { kind: 'file-write' }>> {
  const { services, recording } = host.preview()
  for (const [service, ...args] of calls) await services.handle(service, args, signal)
  const change = recording.changes.findLast((each) => each.kind === 'file-write')
  if (change?.kind !== 'file-write') throw new Error('nothing is written')
  return change
}

test.each(['fourteen bytes', 'two\nlines\n', '\n', '', 'windows\r\nlines\r\n', 'no\nend'])(
  'a new text is shown whole: %j',
  async (text) => {
    const change = await previewed(['fs.write', at('note.txt'), text])
    expect(change.diff).toBe(createTwoFilesPatch(at('note.txt'), at('note.txt'), '', text))
    expect(change).not.toHaveProperty('unshown')
    await host.call('fs.write', at('note.txt'), text)
    expect(host.effects.at(-1)?.change).toEqual(change)
  },
)

test('a new text from a blob or from an append is shown too', async () => {
  const { blob } = await host.call<{ blob: string }>('blobs.put', Buffer.from('kept\n'))
  expect(await previewed(['fs.writeBlob', at('kept.txt'), blob])).toMatchObject({ diff: expect.stringContaining('\n+kept\n') })
  expect(await previewed(['fs.append', at('log.txt'), 'first\n'])).toMatchObject({ diff: expect.stringContaining('\n+first\n') })
  fs.writeFileSync(at('log.txt'), 'first\n')
  expect(await previewed(['fs.append', at('log.txt'), 'second\n'])).toMatchObject({ diff: expect.stringContaining('\n first\n+second\n') })
})

test('what is not shown says why, and what it is', async () => {
  expect(await previewed(['fs.write', at('dot'), PNG])).toMatchObject({ unshown: 'binary', type: 'image/png', bytes: PNG.length })
  const long = 'é'.repeat(200 * KIB) // the head ends in the middle of a character
  expect(await previewed(['fs.write', at('long.txt'), `a${long}`])).toMatchObject({ unshown: 'large', type: 'text/plain' })
  expect(await previewed(['fs.write', at('large.bin'), Buffer.alloc(300 * KIB)])).toMatchObject({ unshown: 'binary' })
  fs.writeFileSync(at('dot.png'), PNG)
  expect(await previewed(['fs.write', at('dot.png'), 'a text', { replace: true }])).toMatchObject({ unshown: 'binary', type: 'text/plain' })
  fs.writeFileSync(at('lines.txt'), 'a\n'.repeat(5000))
  const other = await previewed(['fs.write', at('lines.txt'), 'b\n'.repeat(5000), { replace: true }])
  expect(other).toMatchObject({ unshown: 'changed-much', type: 'text/plain' })
  expect(other).not.toHaveProperty('diff')
})

test('a new text of many lines is shown, in time that grows with it alone', async () => {
  const change = await previewed(['fs.write', at('many.txt'), '\n'.repeat(200 * KIB)])
  expect(change.diff).toContain(`@@ -0,0 +1,${200 * KIB} @@`)
})

test('one preview holds so much text and says where it stopped', async () => {
  const { services, recording } = host.preview()
  const text = `${'x'.repeat(99)}\n`.repeat(2000)
  for (let number = 0; number < 30; number += 1) await services.handle('fs.write', [at(`${number}.txt`), text], signal)
  const [shown, left] = [recording.changes.filter((change) => 'diff' in change), recording.changes.filter((change) => 'unshown' in change)]
  expect(shown.length).toBe(20)
  expect(left).toHaveLength(10)
  expect(left[0]).toMatchObject({ unshown: 'enough' })
})

test('a value of several lines that is known stands in no diff', async () => {
  await using place = await freshPlace('sqlite')
  await using store = await place.open()
  const secrets = await openSecrets(store)
  await secrets.set(token('deploy-key', '-----BEGIN KEY-----\nabcdefgh\nijklmnop\n-----END KEY-----'), 'ada')
  await using guarded = await createTestHost(folder, { secrets })
  const { services, recording } = guarded.preview()
  await services.handle('fs.write', [at('id_deploy'), 'key:\n-----BEGIN KEY-----\nabcdefgh\nijklmnop\n-----END KEY-----\n'], signal)
  expect(recording.changes[0]).toMatchObject({ diff: expect.stringContaining('+[secret:deploy-key]') })
  expect(JSON.stringify(recording.changes)).not.toContain('abcdefgh')
})

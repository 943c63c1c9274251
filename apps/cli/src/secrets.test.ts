import { spawn } from 'node:child_process'
import fs from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Secret } from '@life-os/contract'
import { document, machine } from './testing/lifeos.ts'
import type { Machine } from './testing/lifeos.ts'

let here: Machine
beforeAll(async () => {
  here = await machine()
})
afterAll(() => here[Symbol.dispose]())
const VALUE = 'canary-of-the-command-line'

test('a secret is set from standard input, listed, rotated and removed; its value is never said', async () => {
  const set = await here.fed(`${VALUE}\n`, 'secrets', 'set', 'forge', '--host', 'forge.example:443', '--title', 'My forge')
  expect(set).toMatchObject({ code: 0, out: expect.stringContaining('forge.example:443') })
  const oauth = ['--token-url', 'https://login.example/token', '--client-id', 'life-os', '--client-secret']
  expect(await here.fed('refresh-canary\r\nclient-canary\n', 'secrets', 'set', 'drive', ...oauth, '--json')).toMatchObject({ code: 0 })
  const listed = await here.lifeos('secrets', 'list', '--json')
  expect(document<Secret[]>(listed)).toMatchObject([
    { name: 'drive', kind: 'oauth2', hosts: [] },
    { name: 'forge', kind: 'token', hosts: ['forge.example:443'], title: 'My forge' },
  ])
  expect((await here.lifeos('secrets', 'list')).out).toMatch(/forge\s+token\s+forge\.example:443\s+never used\s+My forge/)
  expect(await here.lifeos('secrets', 'rotate')).toMatchObject({ code: 0, out: '2 secrets are sealed under a new key.\n' })
  expect(await here.lifeos('secrets', 'remove', 'drive')).toMatchObject({ code: 0 })
  expect(await here.lifeos('secrets', 'remove', 'drive', '--json')).toMatchObject({
    code: 1,
    out: expect.stringContaining('secret-missing'),
  })
  for (const file of fs.readdirSync(here.home, { recursive: true, withFileTypes: true }))
    if (file.isFile()) expect(fs.readFileSync(join(file.parentPath, file.name)).includes('canary')).toBe(false)
})

test('a value on the command line is refused, and so are an empty one and one too short', async () => {
  const given = await here.fed('', 'secrets', 'set', 'forge', VALUE)
  expect(given.code).toBe(2)
  expect(given.out + given.err).not.toContain(VALUE)
  expect(await here.fed('', 'secrets', 'set', 'other')).toMatchObject({ code: 2, err: expect.stringContaining('pipe it in') })
  const short = await here.fed('abcde', 'secrets', 'set', 'other', '--json')
  expect(short.out).toContain('secret-too-short')
  expect(short.out + short.err).not.toContain('abcde')
})

const script = ['/usr/bin/script', '/bin/script'].find((path) => fs.existsSync(path))
test.skipIf(!script)('at a terminal the value is asked for and not echoed (skipped without script)', async () => {
  const program = fileURLToPath(new URL('../../../tools/bin/lifeos.mjs', import.meta.url))
  const command = `${process.execPath} ${program} secrets set typed --host api.example:443`
  const child = spawn(script ?? '', ['-qec', command, '/dev/null'], {
    env: { ...process.env, LIFEOS_HOME: here.home, NO_COLOR: '1' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let said = ''
  let typed = false
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString()
    if (!typed && said.includes('Token: ')) {
      typed = true
      child.stdin.write(`${VALUE}x\u007f\r`)
    }
  })
  const code = await new Promise((resolve) => child.once('close', resolve))
  expect(said).toContain('Kept.')
  expect(said).not.toContain('canary')
  expect(code).toBe(0)
  expect((await here.lifeos('secrets', 'list')).out).toContain('typed')
})

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Preference, StoredAgent } from '@life-os/contract'
import { document, machine } from './testing/lifeos.ts'
import type { Machine } from './testing/lifeos.ts'

let here: Machine
beforeAll(async () => {
  here = await machine()
}, 120_000)
afterAll(() => here[Symbol.dispose]())

const MINE = 'id: mine\nname: Mine\ninstructions: |\n  Be kind.\n  Be brief.\ntools: [files.read]\npermissions: ["fs.read:/srv/**"]\n'
const file = (text: string): string => {
  mkdirSync(here.work, { recursive: true })
  const place = join(here.work, 'mine.yaml')
  writeFileSync(place, text)
  return place
}

test('an agent is saved, shown, changed, rolled back, switched off and removed', async () => {
  expect(await here.lifeos('agents', 'save', file(MINE))).toMatchObject({ code: 0, out: 'mine 1.0.0\n' })
  const { out } = await here.lifeos('agents')
  expect(out).toMatch(/mine\s+1\.0\.0\s+own\s+on\s+Mine/)
  expect(out).toMatch(/assistant\s+1\.0\.0\s+assistant\s+on\s+Assistant/)
  const shown = await here.lifeos('agents', 'show', 'mine')
  expect(shown.out).toMatch(/may ask to\s+Read files in \/srv and below/)
  expect(shown.out).toContain('Be brief.')
  expect(shown.out).toMatch(/so far\s+nothing yet/)
  const { out: text } = await here.lifeos('agents', 'show', 'mine', '--text')
  expect(await here.lifeos('agents', 'save', file(text.replace('Be kind', 'Be stern')))).toMatchObject({ code: 0, out: 'mine 1.0.1\n' })
  expect((await here.lifeos('agents', 'versions', 'mine')).out).toMatch(/^1\.0\.1 .*\n1\.0\.0 /)
  expect((await here.lifeos('agents', 'rollback', 'mine', '1.0.0')).out).toBe('mine 1.0.2 says what 1.0.0 said.\n')
  expect((await here.lifeos('agents', 'disable', 'mine')).out).toBe('mine is off.\n')
  expect(document<StoredAgent[]>(await here.lifeos('agents', 'list', '--json')).find(({ agent }) => agent.id === 'mine')?.enabled).toBe(
    false,
  )
  expect(await here.lifeos('agents', 'remove', 'mine')).toMatchObject({ code: 0 })
  expect(await here.lifeos('agents', 'show', 'mine', '--json')).toMatchObject({ out: expect.stringContaining('agent-unknown') })
}, 120_000)

test('each fault of a file is told on a line, and nothing is saved', async () => {
  const bad = await here.lifeos('agents', 'save', file(`${MINE}agents: [mine]\noutput: { type: string }\n`))
  expect(bad).toMatchObject({ code: 2, out: expect.stringMatching(/agents\.0: .*\n.*output: /) })
  expect(await here.lifeos('agents', 'save', file('a: ['))).toMatchObject({ code: 2, out: expect.stringContaining('YAML') })
}, 60_000)

test('a sentence is written, listed, switched off and forgotten', async () => {
  expect((await here.lifeos('preferences')).err).toContain('Nothing is learned yet')
  expect((await here.lifeos('preferences', 'say', 'Answer in German.', '--agent', 'assistant')).out).toBe(
    'assistant is told: Answer in German.\n',
  )
  const [one] = document<Preference[]>(await here.lifeos('preferences', 'list', '--json'))
  const short = one?.id.slice(-8) ?? ''
  expect((await here.lifeos('preferences')).out).toMatch(
    new RegExp(`${short}\\s+kept\\s+Answer in German\\.\\s+you wrote it, for assistant`),
  )
  expect((await here.lifeos('preferences', 'keep', short, '--say', 'Answer in French.')).out).toBe('Agents are told: Answer in French.\n')
  expect((await here.lifeos('preferences', 'off', short)).out).toBe('Nobody is told: Answer in French.\n')
  expect((await here.lifeos('preferences', 'forget', short)).out).toBe('Forgotten.\n')
  expect(await here.lifeos('preferences', 'forget', short, '--json')).toMatchObject({
    code: 1,
    out: expect.stringContaining('preference-missing'),
  })
}, 120_000)

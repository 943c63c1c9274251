// A run that stopped at its limit, allowed more from a terminal.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Run } from '@life-os/contract'
import { document, machine } from './testing/lifeos.ts'
import type { Machine } from './testing/lifeos.ts'

let here: Machine
beforeAll(async () => {
  here = await machine()
  mkdirSync(here.work, { recursive: true })
}, 120_000)
afterAll(() => here[Symbol.dispose]())

const folders = ['a', 'b', 'c', 'd']
const PLAN = `id: four
name: Four folders
version: 1.0.0
budget: { steps: 2 }
inputs: { at: { type: path } }
steps:
${folders.map((name, index) => `  - { id: ${name}, tool: files.make-folder, input: { path: "\${{ inputs.at }}/${name}" }${index > 0 ? `, after: [${folders[index - 1]}]` : ''} }`).join('\n')}
`

test('goes on with what --budget allows, makes nothing twice, and says what does not make sense', async () => {
  const file = join(here.work, 'four.yaml')
  const at = join(here.work, 'at')
  mkdirSync(at)
  writeFileSync(file, PLAN)
  const stopped = await here.lifeos('run', file, '-i', `at=${at}`, '--yes', '--json')
  const { id, error } = document<Run>(stopped)
  expect([stopped.code === 0, error?.code, readdirSync(at)]).toEqual([false, 'budget-exceeded', ['a', 'b']])
  expect(await here.lifeos('runs', 'resume', '--budget', '5 steps')).toMatchObject({ code: 2, err: expect.stringContaining('say which') })
  expect(await here.lifeos('runs', 'resume', id, '--budget', 'lots')).toMatchObject({ code: 2 })
  const again = await here.lifeos('runs', 'resume', id, '--budget', '1 steps', '--json')
  expect([document<Run>(again).state, readdirSync(at)]).toEqual(['stopped', ['a', 'b', 'c']])
  const done = await here.lifeos('runs', 'resume', id, '--budget', '5 steps', '--json')
  expect([done.code, document<Run>(done)]).toMatchObject([0, { state: 'done', error: null, cost: { steps: 4 } }])
  expect(readdirSync(at)).toEqual(folders)
}, 120_000)

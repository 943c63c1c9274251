import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Grant, Page, Run } from '@life-os/contract'
import { document, machine } from './testing/lifeos.ts'
import type { Machine } from './testing/lifeos.ts'

const program = fileURLToPath(new URL('../../../tools/bin/lifeos.mjs', import.meta.url))
let here: Machine
let plan: string
let file: string
beforeAll(async () => {
  here = await machine()
  file = join(here.work, 'papers', 'a.txt')
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, 'hello')
  plan = join(here.work, 'look.yaml')
  const step = (id: string, after: string) => `  - id: ${id}\n${after}    tool: files.read\n    input: { path: "${file}" }\n`
  writeFileSync(plan, `id: look\nname: Look\nsteps:\n${step('one', '')}${step('two', '    after: [one]\n')}`)
})
afterEach(async () => {
  for (const { id } of await grants()) await here.lifeos('grants', 'revoke', id)
})
afterAll(() => here[Symbol.dispose]())
const grants = async () => document<Page<Grant>>(await here.lifeos('grants', 'list', '--json')).items
const show = async (id: string) => document<Run>(await here.lifeos('runs', 'show', id, '--json'))
const asked = async (): Promise<string> => (await here.lifeos('run', plan, '--mode', 'autopilot')).out.split('\n')[0] ?? ''

/** The command line on a real terminal (script(1) makes one); each answer is typed when a question stands there. */
async function typed(id: string, ...answers: string[]): Promise<string> {
  const command = `'${process.execPath}' --disable-warning=ExperimentalWarning '${program}' approve '${id}'`
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd: here.work,
    env: { ...process.env, LIFEOS_HOME: here.home, HOME: dirname(here.home), NO_COLOR: '1', TERM: 'dumb' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let said = ''
  let questions = 0
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString()
    while (
      said
        .split('Allow? ')
        .slice(1)
        .filter((rest) => /\[l\]ater: /.test(rest)).length > questions
    ) {
      child.stdin.write(`${answers[questions] ?? 'l'}\r`)
      questions += 1
    }
  })
  await new Promise((resolve) => child.once('close', resolve))
  return said
}

describe.skipIf(process.platform !== 'linux')('the keys of a question', () => {
  test('o: this call alone, so the next one asks again', async () => {
    const id = await asked()
    const said = await typed(id, 'o', 'l')
    expect(said).toContain('Allow? [o]nce, for this [r]un, [a]lways here, [d]eny, [D]eny always, [l]ater: ')
    expect(said.split('Allow? ')).toHaveLength(3)
    expect(await show(id)).toMatchObject({ state: 'waiting' })
    expect(await grants()).toEqual([])
  })
  test('r: this run, and nothing is remembered', async () => {
    const id = await asked()
    expect((await typed(id, 'r')).split('Allow? ')).toHaveLength(2)
    expect(await show(id)).toMatchObject({ state: 'done' })
    expect(await grants()).toEqual([])
  })
  test('a: a grant for the plan, of the narrowest that was offered', async () => {
    const id = await asked()
    await typed(id, 'a')
    expect(await show(id)).toMatchObject({ state: 'done' })
    expect(await grants()).toMatchObject([{ verdict: 'allow', permission: `fs.read:${file}`, subject: { kind: 'plan' } }])
  })
  test('d: no, this time', async () => {
    const id = await asked()
    await typed(id, 'd')
    expect(await show(id)).toMatchObject({ state: 'failed', error: { code: 'approval-refused' } })
    expect(await grants()).toEqual([])
  })
  test('D: no, for good', async () => {
    const id = await asked()
    await typed(id, 'D')
    expect(await show(id)).toMatchObject({ state: 'failed' })
    expect(await grants()).toMatchObject([{ verdict: 'deny', permission: `fs.read:${file}` }])
  })
  test('anything else decides nothing', async () => {
    const id = await asked()
    await typed(id, 'yes please')
    expect(await show(id)).toMatchObject({ state: 'waiting' })
  })
})

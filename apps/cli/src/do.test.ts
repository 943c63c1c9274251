import { existsSync, mkdirSync, writeFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page, Plan, Proposal, Run } from '@life-os/contract'
import { document, machine } from './testing/lifeos.ts'
import type { Machine } from './testing/lifeos.ts'

let here: Machine
let home: string
beforeAll(async () => {
  here = await machine()
  home = dirname(here.home)
}, 120_000)
afterAll(() => here[Symbol.dispose]())

function downloads(): string {
  const folder = join(home, 'Downloads')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'note.txt'), 'hello')
  return folder
}

describe('lifeos do, without any model', () => {
  test('in a pipe shows the plan and its changes, changes nothing, and says how to approve', async () => {
    const folder = downloads()
    const shown = await here.lifeos('do', 'please tidy my downloads')
    expect(shown.code).toBe(4)
    expect(shown.err).toContain('Tidy a folder — Folder: ~/Downloads')
    expect(shown.err).toContain('• Look at the folder.  files.list')
    expect(shown.err).toContain('└ Move a file or folder.  files.move')
    expect(shown.err).toContain(`lifeos approve ${shown.out.trim()}`)
    expect(existsSync(join(folder, 'note.txt'))).toBe(true)
    const approved = await here.lifeos('approve', shown.out.trim(), '--yes')
    expect([approved.code, existsSync(join(folder, 'Documents', 'note.txt'))]).toEqual([0, true])
  })

  test('takes words one by one, relative paths, options and answers of its own', async () => {
    downloads()
    const made = await here.lifeos('do', 'list', 'the', 'files', 'in', './Downloads', '--json')
    expect(document<Run & { proposal: Proposal; outputs: { result: unknown } }>(made)).toMatchObject({
      state: 'done',
      proposal: { source: 'tool', inputs: { path: join(home, 'Downloads') } },
    })
    const done = await here.lifeos('do', '--rules', 'find duplicates', '-i', 'folder=~/Downloads', '--yes')
    expect(done).toMatchObject({ code: 0 })
  })

  test('asks for what is missing, and says what it does not understand', async () => {
    const missing = await here.lifeos('do', 'find duplicates')
    expect(missing.code).toBe(2)
    expect(missing.err).toContain('--input folder=…')
    const none = await here.lifeos('do', 'sing me a song', '--json')
    expect(none.code).toBe(1)
    expect(document<{ proposal: Proposal; run: null }>(none)).toMatchObject({ proposal: { source: 'none', plan: null }, run: null })
    expect((await here.lifeos('do', ' ')).code).toBe(2)
  })

  test('tells of a folder that is not there before anything is previewed, with the one that may be meant', async () => {
    downloads()
    const before = document<Page<Run>>(await here.lifeos('runs', '--json')).total
    const slip = await here.lifeos('do', 'tidy ~/Downlods')
    expect(slip.code).toBe(2)
    expect(slip.err).toContain('There is no folder ~/Downlods. Did you mean ~/Downloads?')
    expect(slip.err).toContain(`--input folder=${home}/Downloads`)
    const shape = await here.lifeos('do', 'tidy ~/Downlods', '--json')
    expect([shape.code, document<{ proposal: Proposal; run: null }>(shape)]).toMatchObject([
      2,
      { run: null, proposal: { missing: [{ name: 'folder', near: join(home, 'Downloads') }] } },
    ])
    expect(document<Page<Run>>(await here.lifeos('runs', '--json')).total, 'nothing was started').toBe(before)
  })

  test('ends as is documented: done, refused, waiting; with the proposal and the run as JSON', async () => {
    downloads()
    const waits = await here.lifeos('do', 'tidy ~/Downloads', '--json', '--mode', 'draft')
    expect([waits.code, document<Run & { proposal: Proposal }>(waits)]).toMatchObject([
      4,
      { state: 'waiting', mode: 'draft', proposal: { source: 'intent', planId: 'tidy-folder' } },
    ])
    const looks = await here.lifeos('do', 'tidy ~/Downloads', '--json', '--mode', 'observe')
    expect(document<Run>(looks)).toMatchObject({ mode: 'observe' })
    expect(existsSync(join(home, 'Downloads', 'note.txt')), 'observe changes nothing').toBe(true)
    const acts = await here.lifeos('do', 'tidy ~/Downloads', '--json', '--mode', 'autopilot', '--yes')
    expect([acts.code, document<Run>(acts)]).toMatchObject([0, { state: 'done', mode: 'autopilot' }])
    expect((await here.lifeos('do', 'tidy ~/Downloads', '--mode', 'wild')).code).toBe(2)
  })

  test('keeps the plan as a workflow', async () => {
    downloads()
    const kept = await here.lifeos('do', 'measure disk usage of ~/Downloads', '--save', 'my-usage')
    expect([kept.code, kept.err]).toEqual([0, expect.stringContaining('Saved as the workflow “my-usage”')])
    const printed = document<Plan>(await here.lifeos('plan', 'print', 'my-usage', '--json'))
    expect(JSON.stringify(printed)).toContain('files.usage')
  })
})

test('lifeos replan goes on with what a failed run left', async () => {
  mkdirSync(here.work, { recursive: true })
  const plan = join(here.work, 'two.yaml')
  const [first, second] = [join(here.work, 'one.txt'), join(here.work, 'two.txt')]
  const steps = `  - { id: one, title: Write one, tool: files.write, input: { path: '${first}', content: 'x' } }\n  - { id: two, title: Read two, after: [one], tool: files.read, input: { path: '${second}' } }\n`
  writeFileSync(plan, `id: two\nname: Two\nsteps:\n${steps}outputs:\n  one: '\${{ steps.one.path }}'\n`)
  const failed = await here.lifeos(
    'run',
    plan,
    '--yes',
    '--allow',
    `fs.read:${here.work}/**`,
    '--mode',
    'autopilot',
    '--allow',
    `fs.write:${here.work}/**`,
  )
  expect(failed.code).toBe(1)
  writeFileSync(second, 'there now')
  const rest = await here.lifeos('replan', failed.out.split('\n')[0] ?? '', '--yes', '--json', '--allow', `fs.read:${here.work}/**`)
  expect(document<Run & { outputs: unknown; proposal: Proposal }>(rest)).toMatchObject({
    state: 'done',
    progress: { effects: 0 },
    outputs: { one: first },
    proposal: { continues: failed.out.split('\n')[0] },
  })
})

test('lifeos eval holds the task set to what is expected, and runs nothing', async () => {
  rmSync(join(home, 'Pictures'), { recursive: true, force: true })
  const without = await here.lifeos('eval', '--only', 'duplicates')
  expect(without.out).toContain('left out: they speak of places that are not here.')
  for (const name of ['Downloads', 'Desktop', 'Documents', 'Pictures', 'Videos', 'Projects/site'])
    mkdirSync(join(home, name), { recursive: true })
  writeFileSync(join(home, 'Documents/expenses.csv'), 'category,amount\nfood,3\n')
  const before = document<Page<Run>>(await here.lifeos('runs', '--json')).total
  const { results } = document<{ results: { task: string; way: string; ok: boolean }[] }>(await here.lifeos('eval', '--json'))
  const ok = results.filter((result) => result.ok)
  expect(results.length).toBeGreaterThanOrEqual(24)
  expect(ok.length * 2).toBeGreaterThanOrEqual(results.length)
  expect(ok.every(({ way }) => way === 'intent' || way === 'tool' || way === 'none')).toBe(true)
  expect(document<Page<Run>>(await here.lifeos('runs', '--json')).total).toBe(before)
  const shown = await here.lifeos('eval', '--only', 'tidy')
  expect([shown.code, shown.out]).toEqual([0, expect.stringContaining('6 of 6 as expected.')])
})

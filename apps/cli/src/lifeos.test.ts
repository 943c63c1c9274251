import { once } from 'node:events'
import { mkdirSync, readdirSync, watch, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeSampleFolder } from '@life-os/kernel/sample'
import type { JournalEntry, Page, Preview, Run, ToolDescription } from '@life-os/contract'
import { document, machine } from './testing/lifeos.ts'
import type { Machine } from './testing/lifeos.ts'

let here: Machine
const tidy = (folder: string) => ['tidy-folder', '--input', `folder=${folder}`]
const folderOf = async (name: string) => {
  const path = join(here.work, name)
  await makeSampleFolder(path)
  return path
}
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/

beforeAll(async () => {
  here = await machine()
})
afterAll(() => here[Symbol.dispose]())

describe('without a running Life-OS', () => {
  test('labels of folders and files are set, shown and cleared, each on the record', async () => {
    const folder = join(here.work, 'Taxes')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'a.txt'), 'words')
    expect(await here.lifeos('label', 'set', folder, 'private')).toMatchObject({
      code: 0,
      out: expect.stringContaining('below this folder'),
    })
    expect(await here.lifeos('label', 'clear', join(folder, 'a.txt'))).toMatchObject({ code: 0, out: expect.stringContaining('this file') })
    const listed = await here.lifeos('label', 'list')
    expect(listed.out).toContain(`${folder}/`)
    expect(listed.out).toMatch(/none +\S+a\.txt +set by/)
    expect((await here.lifeos('label', 'set', folder, 'secret')).code).toBe(2)
    expect(await here.lifeos('label', 'clear', folder)).toMatchObject({ code: 0 })
    expect((await here.lifeos('label', 'list', 'nothing', '--json')).out).toContain('"folders":[]')
    expect((await here.lifeos('audit', '--kind', 'label')).out).toContain('file-label-lowered')
  })

  test('preview changes nothing; run prints its id first, does it, and undo takes it back', async () => {
    const folder = await folderOf('story')
    const before = readdirSync(folder, { recursive: true }).toSorted()
    const preview = await here.lifeos('preview', ...tidy(folder))
    expect([preview.code, preview.out]).toEqual([
      0,
      expect.stringMatching(/Pictures {2}\(\d+\)[\s\S]*72 changes · 57 files · .* · nothing final\n$/),
    ])
    expect(readdirSync(folder, { recursive: true }).toSorted()).toEqual(before)

    const run = await here.lifeos('run', ...tidy(folder), '--yes', '--except', '**/*.pdf')
    expect([run.code, run.err]).toEqual([0, expect.stringContaining('✓ Tidy a folder')])
    const id = run.out.split('\n')[0] ?? ''
    expect(id).toMatch(ID)
    const pdfs = before.filter((name) => String(name).endsWith('.pdf'))
    expect(readdirSync(folder)).toEqual(
      expect.arrayContaining([...pdfs.filter((name) => !String(name).includes('/')), 'Pictures', 'Video']),
    )

    const shown = document<Run>(await here.lifeos('runs', 'show', id, '--json'))
    expect(shown).toMatchObject({ id, state: 'done', by: { kind: 'cli' } })
    const watched = await here.lifeos('runs', 'watch', id, '--json')
    const lines = watched.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as JournalEntry) // one event a line
    expect([watched.code, lines[0]?.seq, lines.at(-1)?.event.type]).toEqual([0, 1, 'run-finished'])

    const undone = await here.lifeos('undo', id, '--json')
    expect([undone.code, document<Run>(undone)]).toEqual([0, expect.objectContaining({ kind: 'undo', of: id, state: 'done' })])
    expect(readdirSync(folder, { recursive: true }).toSorted()).toEqual(before)
    expect((await here.lifeos('undo', id)).err).toContain('already undone')
    expect(await here.lifeos('audit', 'verify')).toMatchObject({ code: 0, out: expect.stringContaining('✓') })
  })

  test('what nobody approved waits, and approve goes on with it', async () => {
    const folder = await folderOf('waits')
    const run = await here.lifeos('run', ...tidy(folder))
    const id = run.out.split('\n')[0] ?? ''
    expect([run.code, run.err]).toEqual([4, expect.stringContaining(`lifeos approve ${id}`)])
    expect(readdirSync(folder)).not.toContain('Pictures')
    const approved = await here.lifeos('approve', id, '--json')
    expect([approved.code, document<Run>(approved).state]).toEqual([0, 'done'])
    expect(readdirSync(folder)).toContain('Pictures')
  })

  test('refuse ends it without a change', async () => {
    const folder = await folderOf('refused')
    const { out } = await here.lifeos('run', ...tidy(folder))
    const id = out.split('\n')[0] ?? ''
    expect((await here.lifeos('refuse', id, '--reason', 'not today')).code).toBe(0)
    expect(document<Run>(await here.lifeos('runs', 'show', id, '--json')).state).not.toMatch(/done|waiting|running/)
    expect(readdirSync(folder)).not.toContain('Pictures')
  })

  test('the emergency stop holds until it is lifted', async () => {
    const folder = await folderOf('stopped')
    expect((await here.lifeos('stop')).out).toContain('lifeos stop --lift')
    const run = await here.lifeos('run', ...tidy(folder), '--yes')
    expect(run.code).toBe(5)
    expect(readdirSync(folder)).not.toContain('Pictures')
    expect((await here.lifeos('doctor')).out).toContain('Mend Emergency stop: lifeos stop --lift')
    expect((await here.lifeos('stop', '--lift')).code).toBe(0)
    expect((await here.lifeos('runs', 'resume', '--json')).code).toBeLessThan(5)
  })
})

describe('bad usage', () => {
  const plan = (name: string, text: string) => {
    const file = join(here.work, '..', name)
    writeFileSync(file, text)
    return file
  }
  const bad = () =>
    plan('bad.yaml', 'id: bad\nname: Bad\nsteps:\n  - id: a\n    tool: files.nothing\n  - id: b\n    set: "${{ steps.zzz }}"\n')

  test.each<[string, () => string[], number, RegExp]>([
    ['an unknown command', () => ['nonsense'], 2, /unknown command/],
    ['an unknown option', () => ['runs', '--nonsense'], 2, /unknown option/],
    ['a plan that is not there', () => ['run', 'nowhere'], 2, /no plan “nowhere”/],
    ['a file that is not there', () => ['run', './nowhere.yaml'], 2, /no plan file/],
    ['a bad plan', () => ['run', bad()], 2, /bad\.yaml:5:11 {2}tool-unknown .*\n.*bad\.yaml:7:\d+ {2}step-unknown/],
    ['a missing input', () => ['run', 'tidy-folder'], 2, /folder/],
    ['an unknown input', () => ['run', 'tidy-folder', '-i', 'where=/tmp'], 2, /has no input “where”/],
    ['an input without a value', () => ['run', 'tidy-folder', '-i', 'folder'], 2, /name=value/],
    ['an id that is none', () => ['runs', 'show', 'abc'], 2, /UUID/],
    ['a run that is not there', () => ['runs', 'show', '01900000-0000-7000-8000-000000000000'], 2, /no run/],
    ['a mode that is none', () => ['run', 'tidy-folder', '--mode', 'wild'], 2, /Allowed choices/],
    ['a folder that is not there', () => ['run', 'tidy-folder', '-i', 'folder=/no/such/folder', '--yes'], 1, /is not there/],
  ])('%s', async (_what, args, code, sentence) => {
    const outcome = await here.lifeos(...args())
    expect([outcome.code, outcome.out + outcome.err]).toEqual([code, expect.stringMatching(sentence)])
    expect(outcome.err).not.toMatch(/\bat .*\.ts:\d+/)
  })

  test('plan check tells every fault, and as one document', async () => {
    const outcome = await here.lifeos('plan', 'check', bad(), '--json')
    expect([outcome.code, document(outcome)]).toMatchObject([
      2,
      {
        ok: false,
        faults: [
          { code: 'tool-unknown', line: 5, column: 11 },
          { code: 'step-unknown', line: 7 },
        ],
      },
    ])
    expect((await here.lifeos('plan', 'print', 'tidy-folder', '--mermaid')).out).toMatch(/^flowchart /)
  })

  test('an error is one document too', async () => {
    expect(document(await here.lifeos('run', 'nowhere', '--json'))).toMatchObject({ error: { code: 'plan-missing', class: 'user' } })
  })
})

test('what the gate refuses has its own exit code', async () => {
  const folder = await folderOf('observed')
  const plan = join(folder, '..', 'make.yaml')
  writeFileSync(plan, `id: make\nname: Make\nsteps:\n  - id: make\n    tool: files.make-folder\n    input: { path: "${folder}/new" }\n`)
  const outcome = await here.lifeos('run', plan, '--mode', 'observe')
  expect([outcome.code, outcome.err]).toEqual([3, expect.stringContaining('failed at make')])
  expect(readdirSync(folder)).not.toContain('new')
})

test('tools, doctor and runs answer one document each', async () => {
  expect(document<ToolDescription[]>(await here.lifeos('tools', 'files', '--json')).every(({ plugin }) => plugin === 'files')).toBe(true)
  expect(document<Page<Run>>(await here.lifeos('runs', '--limit', '2', '--json')).items.length).toBeLessThanOrEqual(2)
  const doctor = document<{ findings: { name: string; message: string }[] }>(await here.lifeos('doctor', '--json'))
  expect(doctor.findings.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['Node', 'Data folder', 'Database', 'Plugins', 'Web app', 'Server', 'Audit']),
  )
  expect(doctor.findings.find(({ name }) => name === 'Data folder')?.message).toContain(here.home)
  expect(doctor.findings.find(({ name }) => name === 'Isolation')?.message).toMatch(
    /^Plugins (are shut in boxes|have only Node's permissions)/,
  )
})

test('with a running Life-OS the commands talk to it', async () => {
  const port = 20_000 + (process.pid % 20_000)
  const started = await here.lifeos('start', '--background', '--port', String(port), '--no-open')
  expect([started.code, started.out]).toEqual([0, expect.stringContaining(`http://127.0.0.1:${port}`)])
  const pid = Number((await readFile(join(here.home, 'server.pid'), 'utf8')).trim())
  try {
    const again = await here.lifeos('start', '--no-open')
    expect([again.code, again.out]).toEqual([0, expect.stringMatching(/already running: .*\n.*sign-in\?link=/)])
    const folder = await folderOf('served')
    const { run, preview } = document<{ run: Run; preview: Preview }>(await here.lifeos('preview', ...tidy(folder), '--json'))
    expect([run.state, preview.summary.totals.changes]).toEqual(['waiting', 72])
    const ready = await (await fetch(`http://127.0.0.1:${port}/health/live`)).json()
    expect(ready).toMatchObject({ product: 'life-os' })
    const approved = await here.lifeos('approve', run.id)
    expect([approved.code, approved.err]).toEqual([0, expect.stringContaining('72 changes made')])
    expect((await here.lifeos('doctor')).out).toContain(`http://127.0.0.1:${port}`)
  } finally {
    process.kill(pid, 'SIGTERM')
  }
})

test('Ctrl-C pauses a run and says how to go on; resume finishes it', async () => {
  const folder = join(here.work, 'many')
  mkdirSync(folder)
  const plan = join(folder, '..', 'many.yaml')
  writeFileSync(
    plan,
    `id: many\nname: Many\ninputs:\n  names: { type: list, of: { type: text } }\nsteps:\n  - id: each\n    each: "\${{ inputs.names }}"\n    as: name\n    max: 3000\n    steps:\n      - id: make\n        tool: files.make-folder\n        input: { path: "${folder}/\${{ name }}" }\n`,
  )
  const names = Array.from({ length: 2000 }, (_, index) => `made ${index}`)
  const running = here.begin('run', plan, '--input', `names=${JSON.stringify(names)}`, '--yes')
  const [id = ''] = await running.said(/[0-9a-f]{8}-\S+/)
  const watcher = watch(folder) // as soon as the first folder is there
  await once(watcher, 'change')
  watcher.close()
  running.child.kill('SIGINT')
  const outcome = await running.ended
  expect([outcome.code, outcome.err]).toEqual([
    5,
    expect.stringMatching(new RegExp(`Pausing run ${id}[\\s\\S]*is paused[\\s\\S]*lifeos runs resume ${id}`)),
  ])
  const made = readdirSync(folder).length
  expect(made).toBeLessThan(2000)
  const resumed = await here.lifeos('runs', 'resume', id)
  expect([resumed.code, readdirSync(folder).length]).toEqual([0, 2000])
})

// What an author does, through the command line as a real process, with real boxes.
import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { document, machine } from '../testing/lifeos.ts'
import type { Machine } from '../testing/lifeos.ts'

const root = fileURLToPath(new URL('../../../..', import.meta.url))
let here: Machine
let diary: string

beforeAll(async () => {
  here = await machine()
  mkdirSync(here.work)
  diary = join(here.work, 'garden-diary')
  expect(await here.lifeos('plugin', 'new', 'garden-diary', '--dir', here.work)).toMatchObject({ code: 0 })
})
afterAll(() => here[Symbol.dispose]())

/** A copy of the new plugin with some texts replaced, in a folder of the same name. */
function variant(place: string, changes: Record<string, (text: string) => string>): string {
  const folder = join(here.work, place, 'garden-diary')
  cpSync(diary, folder, { recursive: true })
  for (const [name, change] of Object.entries(changes)) writeFileSync(join(folder, name), change(readFileSync(join(folder, name), 'utf8')))
  return folder
}
const wrongExample = { 'src/tools/count-words.ts': (text: string) => text.replace('words: 7', 'words: 8') }
const editor = (folder: string, program: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, [program, ...args], { cwd: folder })

interface Report {
  ok: boolean
  checks: { name: string; tool: string | null; faults: string[] | null }[]
}
const faultsIn = ({ checks }: Report): string[] => checks.flatMap(({ faults }) => faults ?? [])

describe('lifeos plugin new', () => {
  test.each([
    ['a taken folder', 'garden-diary', /is taken/],
    ['an id that is none', 'Garden Diary', /small letters/],
    ['an id that leaves the folder', '../garden', /small letters/],
    ['the id of a plugin that comes with Life-OS', 'files', /comes with Life-OS/],
  ])('refuses %s', async (_, id, expected) => {
    const { code, err } = await here.lifeos('plugin', 'new', id, '--dir', here.work)
    expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(expected) })
  })

  test('gives an editor the types, with nothing installed beside it', async () => {
    const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
    await editor(diary, compiler, '-p', '.')
    const wrong = variant('typo', { 'src/tools/add-line.ts': (text) => text.replace('host.fs.append', 'host.fs.apend') })
    await expect(editor(wrong, compiler, '-p', '.')).rejects.toMatchObject({ stdout: expect.stringContaining('apend') })
  }, 120_000)

  test('gives a way to run its tests, with nothing installed beside it', async () => {
    const { stdout } = await editor(diary, join(diary, '.life-os', 'test.mjs'))
    expect(stdout).toMatch(/Tests .*\d+ passed/)
    await expect(editor(variant('untrue', wrongExample), join('.life-os', 'test.mjs'))).rejects.toMatchObject({
      stdout: expect.stringMatching(/Tests .*1 failed/),
    })
  }, 120_000)
})

describe('lifeos plugin check', () => {
  test('passes what lifeos plugin new makes', async () => {
    const outcome = await here.lifeos('--json', 'plugin', 'check', diary)
    expect(faultsIn(document<Report>(outcome))).toEqual([])
    expect(outcome.code).toBe(0)
  }, 120_000)

  test.each(['word-count', 'issue-tracker', 'inbox-sorter'])(
    'passes the example %s',
    async (id) => {
      const outcome = await here.lifeos('--json', 'plugin', 'check', join(root, 'examples', 'plugins', id))
      expect(faultsIn(document<Report>(outcome))).toEqual([])
      expect(outcome.code).toBe(0)
    },
    120_000,
  )

  test('names each rule that is broken, with what to do', async () => {
    const broken = variant('broken', {
      ...wrongExample,
      'src/tools/add-line.ts': (text) => text.replace("{ 'fs.write': ['file'] }", '{}'),
      'README.md': (text) => text.replace('garden-diary.add-line', 'one'),
    })
    const { code, out } = await here.lifeos('plugin', 'check', broken)
    expect(code).toBe(1)
    expect(out).toContain('✗ has a README that speaks of every tool, plan and agent\n    README.md does not mention garden-diary.add-line')
    expect(out).toContain('✗ garden-diary.count-words runs its examples\n    “A letter”: its output differs: words is 7 instead of 8')
    expect(out).toMatch(/✗ garden-diary\.add-line runs its examples\n {4}“One more line”: it fails with path-not-allowed/)
    expect(out).toContain('✓ has a valid manifest')
  }, 120_000)

  test('says which part of the version must rise', async () => {
    const next = variant('next', {
      'manifest.json': (text) => text.replace('"garden-diary.add-line",', '').replace('"version": "0.1.0"', '"version": "0.1.1"'),
      'src/index.ts': (text) => text.replace('[addLine, countWords]', '[countWords]').replace(/import \{ addLine.*\n/, ''),
    })
    const report = document<Report>(await here.lifeos('--json', 'plugin', 'check', next, '--against', diary))
    expect(faultsIn(report)).toEqual([expect.stringMatching(/garden-diary\.add-line is gone: the minor version must rise/)])
  }, 120_000)

  test('runs nothing of a stranger in this process: what it tries at load fails in its box', async () => {
    const marker = join(here.work, 'marker')
    const reach = `globalThis['process'].getBuiltinModule('fs').writeFileSync(${JSON.stringify(marker)}, 'here')\n`
    const report = document<Report>(
      await here.lifeos('--json', 'plugin', 'check', variant('hostile', { 'src/index.ts': (text) => reach + text })),
    )
    expect(existsSync(marker)).toBe(false)
    const loading = report.checks.find(({ name }) => name.startsWith('loads'))
    expect(loading?.faults).toEqual([expect.stringMatching(/cannot be loaded/)])
    expect(report.ok).toBe(false)
  }, 120_000)

  test('lets an example reach no file of this machine', async () => {
    const precious = join(here.work, 'precious.txt')
    writeFileSync(precious, 'precious')
    const greedy = variant('greedy', {
      'src/tools/add-line.ts': (text) => text.replaceAll('/home/ada/Documents/letter.txt', precious),
    })
    const report = document<Report>(await here.lifeos('--json', 'plugin', 'check', greedy))
    expect(readFileSync(precious, 'utf8')).toBe('precious')
    expect(faultsIn(report).join('\n')).toContain('path-not-allowed')
  }, 120_000)

  test('wants a folder that is a plugin', async () => {
    expect(await here.lifeos('plugin', 'check', here.work)).toMatchObject({ code: 2, err: expect.stringContaining('no manifest.json') })
  })
})

describe('lifeos plugin dev', () => {
  const letter = '/home/ada/Documents/letter.txt'
  const trying = (...args: string[]) => here.lifeos('plugin', 'dev', diary, '--once', '--try', 'garden-diary.add-line', ...args)

  test('shows what a tool would do, and does it only after a yes', async () => {
    const input = JSON.stringify({ file: letter, line: 'It blooms.' })
    const asked = await trying('--input', input)
    expect(asked).toMatchObject({ code: 4, out: expect.stringContaining('+It blooms.') })
    expect(await trying('--yes', '--input', input)).toMatchObject({ code: 0, out: expect.stringContaining(`{"file":"${letter}"}`) })
  }, 120_000)

  test('takes an input as words, and acts on files that a person names', async () => {
    const list = join(here.work, 'my list.txt')
    writeFileSync(list, 'one\n')
    expect(await trying('--yes', '--input', `file="${list}" line='two three'`)).toMatchObject({ code: 0 })
    expect(readFileSync(list, 'utf8')).toBe('one\ntwo three\n')
  }, 120_000)

  test.each([
    ['a tool that it has not', ['--try', 'garden-diary.water'], /It has: garden-diary\.add-line/],
    ['input that does not fit', ['--input', '{"file":"relative"}'], /an absolute path/],
  ])(
    'refuses %s',
    async (_, args, expected) => {
      expect(await trying(...args)).toMatchObject({ code: 2, err: expect.stringMatching(expected) })
    },
    120_000,
  )

  test('checks again at a change, until it is ended', async () => {
    const folder = variant('watched', {})
    const manifest = readFileSync(join(folder, 'manifest.json'), 'utf8')
    const dev = here.begin('plugin', 'dev', folder)
    await dev.said(/Watching/)
    writeFileSync(join(folder, 'manifest.json'), manifest.replace('"garden-diary.add-line",', ''))
    await dev.said(/the code defines garden-diary\.add-line, manifest\.json does not name it/)
    writeFileSync(join(folder, 'manifest.json'), manifest)
    await dev.said(/nothing to mend[^]*nothing to mend/)
    dev.child.kill('SIGINT')
    expect(await dev.ended).toMatchObject({ code: 0 })
  }, 120_000)
})

test('what lifeos plugin new makes goes into Life-OS and its tool runs in a plan', async () => {
  expect(await here.lifeos('plugin', 'install', diary, '--yes')).toMatchObject({ code: 0, err: expect.stringContaining('It asks for') })
  const plan = join(here.work, 'count.yaml')
  writeFileSync(
    plan,
    `id: count
name: Count
inputs: { file: { type: path } }
steps:
  - { id: count, tool: garden-diary.count-words, input: { file: '\${{ inputs.file }}' } }
outputs: { words: '\${{ steps.count.words }}' }
`,
  )
  const text = join(here.work, 'three.txt')
  writeFileSync(text, 'one two three')
  const run = document<unknown>(await here.lifeos('--json', 'run', plan, '--input', `file=${text}`, '--yes'))
  expect(JSON.stringify(run)).toContain('"words":3')
}, 120_000)

test('where Life-OS runs, lifeos plugin dev installs the folder there, reloaded at every change, and names the page to try it on', async () => {
  const port = 20_000 + (process.pid % 20_000)
  expect(await here.lifeos('start', '--background', '--port', String(port), '--no-open')).toMatchObject({ code: 0 })
  const pid = Number(readFileSync(join(here.home, 'server.pid'), 'utf8').trim())
  try {
    const dev = here.begin('plugin', 'dev', diary)
    await dev.said(new RegExp(`http://127\\.0\\.0\\.1:${port}/plugins\\?plugin=garden-diary`))
    dev.child.kill('SIGINT')
    await dev.ended
    const { source } = document<{ source: unknown }>(await here.lifeos('--json', 'plugin', 'show', 'garden-diary'))
    expect(source).toEqual({ kind: 'folder', path: diary, watch: true })
  } finally {
    process.kill(pid, 'SIGTERM')
  }
}, 120_000)

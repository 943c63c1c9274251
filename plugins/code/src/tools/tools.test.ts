import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createToolLab, fill, manifestOf } from '../../../../tools/lab/index.ts'
import type { ToolLab } from '../../../../tools/lab/index.ts'
import code from '../index.ts'
import type { Outcome } from '../program.ts'

let lab: ToolLab
beforeEach(async () => {
  lab = await createToolLab(code, 'code')
})
afterEach(async () => {
  await lab[Symbol.asyncDispose]()
})
const python = (source: string, more: object = {}): Promise<Outcome> => lab.run('code.python', { code: source, ...more })
const javascript = (source: string, more: object = {}): Promise<Outcome> => lab.run('code.javascript', { code: source, ...more })

describe('python', () => {
  test('answers its last expression, what it printed and what it wrote', async () => {
    const outcome = await python("print('hello')\nopen('note.txt', 'w').write('kept')\n{'total': 6 * 7}")
    expect(outcome).toMatchObject({ ok: true, result: { total: 42 }, text: "{'total': 42}", stdout: 'hello\n', error: null, cut: null })
    expect(outcome.files).toMatchObject([{ name: 'note.txt', size: 4, mime: 'text/plain' }])
  })

  test('names the line and the kind of an error', async () => {
    expect(await python('a = 1\nb = missing\n')).toMatchObject({ ok: false, error: { type: 'NameError', line: 2 } })
    expect(await python('a = 1\nif a\n')).toMatchObject({ ok: false, error: { type: 'SyntaxError', line: 2 } })
    expect(await python('import sys\nsys.exit(3)')).toMatchObject({ ok: false, error: { type: 'SystemExit' } })
    expect(await python('import sys\nsys.exit(0)')).toMatchObject({ ok: true, error: null })
  })

  test('is refined by a caller until its tests pass', async () => {
    const tests = [
      { name: 'empty', code: 'assert mean([]) == 0' },
      { name: 'two', code: 'assert mean([1, 3]) == 2' },
    ]
    const first = await python('def mean(values):\n    return sum(values) / len(values)', { tests })
    expect(first).toMatchObject({
      ok: false,
      passed: 1,
      tests: [{ ok: false, message: expect.stringContaining('ZeroDivisionError') }, { ok: true }],
    })
    const second = await python('def mean(values):\n    return sum(values) / len(values) if values else 0', { tests })
    expect(second).toMatchObject({ ok: true, passed: 2 })
    expect(await python('1 / 0', { tests })).toMatchObject({ passed: 0, tests: [{ message: 'not run: the program failed' }, {}] })
  })

  test('gives plots and tables as artifacts', async () => {
    const outcome = await python(
      "import pandas\nfrom matplotlib import pyplot\nrows = pandas.read_csv('data.csv')\nrows.plot()\npyplot.figure()\nrows.describe()\nrows",
      { files: [{ name: 'data.csv', text: 'a,b\n1,2\n3,4\n' }] },
    )
    expect(outcome.error).toBeNull()
    expect(outcome.files.map(({ name, mime }) => `${name} ${mime}`)).toEqual([
      'plot-1.png image/png',
      'plot-2.png image/png',
      expect.stringContaining('result.csv text/'),
    ])
  })

  test('uses packages from a granted folder alone, reads granted folders, and writes neither', async () => {
    fill(lab.folder, { 'packages/greeting.py': "word = 'hello'\n", 'data/numbers.txt': '1 2 3' })
    const [packages, data] = [path.join(lab.folder, 'packages'), path.join(lab.folder, 'data')]
    const before = manifestOf(lab.folder)
    expect(await python('import greeting\ngreeting.word', { packages })).toMatchObject({ result: 'hello' })
    expect(await python('import greeting')).toMatchObject({ error: { type: 'ModuleNotFoundError' } })
    const sum = `sum(int(n) for n in open('${data}/numbers.txt').read().split())`
    expect(await python(sum, { folders: [data] })).toMatchObject({ result: 6 })
    expect(await python(sum)).toMatchObject({ error: { type: 'FileNotFoundError' } })
    expect(await python(`open('${data}/more.txt', 'w')`, { folders: [data] })).toMatchObject({ error: { type: 'OSError' } })
    expect(manifestOf(lab.folder)).toEqual(before)
  })

  test('reaches no network and none of this machine', async () => {
    const attempts = `
import os, socket, urllib.request
seen = {}
def attempt(name, work):
    try:
        seen[name] = str(work())
    except BaseException as error:
        seen[name] = type(error).__name__
attempt('tcp', lambda: socket.create_connection(('1.1.1.1', 53), timeout=2))
attempt('dns', lambda: socket.getaddrinfo('example.org', 80))
attempt('home', lambda: os.listdir(${JSON.stringify(process.env['HOME'] ?? '/root')}))
attempt('shadow', lambda: open('/etc/shadow').read())
seen['environment'] = sorted(name for name in os.environ if 'TOKEN' in name or 'LIFEOS' in name)
seen`
    const { result } = await python(attempts)
    expect(result).toEqual({
      tcp: 'OSError',
      dns: 'gaierror',
      home: expect.stringMatching(/^(FileNotFoundError|PermissionError)$/),
      shadow: expect.stringMatching(/^(FileNotFoundError|PermissionError)$/),
      environment: [],
    })
  })

  test('ends what takes too long, and says so', async () => {
    expect(await python('while True: pass', { time: 1500 })).toMatchObject({
      ok: false,
      cut: 'time',
      error: { message: 'It took longer than it may.' },
    })
  }, 60_000)

  test('ends what takes too much memory, and says so', async () => {
    const outcome = await python('kept = [bytearray(1024 * 1024) for _ in range(4096)]', { memory: 128 })
    expect(outcome.ok).toBe(false)
    expect(outcome.cut === 'memory' || outcome.error?.type === 'MemoryError').toBe(true)
  }, 60_000)

  test('believes a forged report no more than its shape', async () => {
    const forged = "import os\nopen('.life-os/report.json','w').write('{\"error\": 5}')\nos._exit(0)"
    expect(await python(forged)).toMatchObject({ ok: false, error: { type: 'Ended' } })
  })
})

describe('javascript', () => {
  test('answers its default export, with tests and a table', async () => {
    const outcome = await javascript('export const double = (n) => n * 2\nexport default [{ a: 1, b: "x,y" }, { a: 2 }]', {
      tests: [
        { name: 'doubles', code: 'assert.equal(main.double(2), 4)' },
        { name: 'halves', code: 'assert.equal(main.double(2), 1)' },
      ],
    })
    expect(outcome).toMatchObject({ ok: false, passed: 1, error: null, result: [{ a: 1, b: 'x,y' }, { a: 2 }] })
    expect(outcome.files.map(({ name }) => name)).toEqual(['result.csv'])
  })

  test('reads its input, takes packages from a granted folder, and reaches nothing else', async () => {
    fill(lab.folder, {
      'node_modules/greeting/package.json': '{"name":"greeting","main":"index.js"}',
      'node_modules/greeting/index.js': "module.exports = 'hello'",
    })
    const packages = path.join(lab.folder, 'node_modules')
    expect(await javascript("import greeting from 'greeting'\nexport default greeting", { packages })).toMatchObject({ result: 'hello' })
    expect(
      await javascript("let all = ''\nfor await (const part of process.stdin) all += part\nexport default all", { stdin: 'typed' }),
    ).toMatchObject({ result: 'typed' })
    expect(await javascript("export default await fetch('http://127.0.0.1:1/').then(() => 'sent', (error) => error.name)")).toMatchObject({
      result: 'TypeError',
    })
    expect(await javascript('const a = 1\nnothing()\n')).toMatchObject({ error: { type: 'ReferenceError', line: 2 } })
  })
})

describe('save-files', () => {
  test('shows each file, writes it beside what is there, and is undone', async () => {
    mkdirSync(path.join(lab.folder, 'out'))
    fill(lab.folder, { 'out/result.csv': 'mine' })
    const before = manifestOf(lab.folder)
    const { files } = await python(
      "open('result.csv', 'w').write('a\\n1\\n')\nimport os\nos.mkdir('sub')\nopen('sub/x.txt', 'w').write('x')",
    )
    const input = { folder: path.join(lab.folder, 'out'), files: files.map(({ name, blob }) => ({ name, blob })) }
    const preview = await lab.preview('code.save-files', input)
    expect(manifestOf(lab.folder)).toEqual(before)
    expect(preview.changes.map(({ kind }) => kind)).toContain('file-write')
    const { paths } = await lab.run<{ paths: string[] }>('code.save-files', input)
    expect(paths.map((place) => path.relative(lab.folder, place))).toEqual(['out/result (2).csv', 'out/sub/x.txt'])
    expect(readFileSync(path.join(lab.folder, 'out/result.csv'), 'utf8')).toBe('mine')
    expect(await lab.undo()).toEqual([])
    expect(manifestOf(lab.folder)).toEqual(before)
    expect(existsSync(path.join(lab.folder, 'out/sub'))).toBe(false)
    rmSync(path.join(lab.folder, 'out'), { recursive: true })
  })

  test('refuses names that lead elsewhere', async () => {
    const input = { folder: lab.folder, files: [{ name: '../x', text: 'x' }] }
    await expect(lab.run('code.save-files', input)).rejects.toMatchObject({ code: 'input-invalid' })
  })
})

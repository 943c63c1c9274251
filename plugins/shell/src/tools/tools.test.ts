import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createToolLab, fill, manifestOf } from '../../../../tools/lab/index.ts'
import type { ToolLab } from '../../../../tools/lab/index.ts'
import shell from '../index.ts'

let lab: ToolLab
beforeEach(async () => {
  lab = await createToolLab(shell, 'shell')
  fill(lab.folder, { 'a.txt': 'one\n', 'sub/b.txt': 'two\n' })
})
afterEach(async () => {
  await lab[Symbol.asyncDispose]()
})
const at = (...names: string[]): string => path.join(lab.folder, ...names)

describe('shell.run', () => {
  test('runs a program with its arguments, or a whole script', async () => {
    expect(await lab.run('shell.run', { program: 'echo', args: ['$HOME', 'a b'] })).toMatchObject({ code: 0, stdout: '$HOME a b\n' })
    expect(await lab.run('shell.run', { program: 'cat', stdin: 'given' })).toMatchObject({ stdout: 'given' })
    const script = 'read x || echo nothing to read\ncat <<END\nhello $1 and $2\nEND'
    for (const program of ['sh', 'bash'])
      expect(await lab.run('shell.run', { program, script, args: ['Ada', "it's"] })).toMatchObject({
        stdout: "nothing to read\nhello Ada and it's\n",
      })
  })

  test('shows the command and what it may touch, and changes nothing before', async () => {
    const before = manifestOf(lab.folder)
    const input = { script: 'echo new > a.txt', write: [lab.folder], read: [] }
    const preview = await lab.preview('shell.run', input)
    expect(manifestOf(lab.folder)).toEqual(before)
    expect(preview).toMatchObject({
      ended: true,
      changes: [
        { kind: 'command-run', script: 'echo new > a.txt', mounts: [{ path: lab.folder, access: 'write' }], network: [], reversal: 'none' },
      ],
    })
    await lab.run('shell.run', input)
    expect(readFileSync(at('a.txt'), 'utf8')).toBe('new\n')
    expect(lab.effects.map(({ change }) => change)).toEqual(preview.changes)
  })

  test('sees the folders it was given and nothing else', async () => {
    const seen = await lab.run<{ stdout: string }>('shell.run', {
      script: 'cat a.txt; echo x > a.txt; ls /home /root /srv 2>/dev/null; env | grep -i -e token -e key; true',
      read: [lab.folder],
    })
    expect(seen.stdout).toBe('one\n')
    expect(readFileSync(at('a.txt'), 'utf8')).toBe('one\n')
  })

  test('says what it saw of private folders, and what it writes carries that on', async () => {
    fill(lab.folder, { 'Taxes/a.txt': 'secret\n', 'out/b.txt': '' })
    await lab.labels.setFolder(at('Taxes'), ['private'], 'ada')
    await lab.run('shell.run', { script: 'true', read: [at('sub')] })
    expect(lab.seen).toEqual([])
    await lab.run('shell.run', { script: `cp ${at('Taxes')}/a.txt ${at('out')}/b.txt`, read: [at('Taxes')], write: [at('out')] })
    expect(lab.seen).toEqual([{ label: 'private', from: at('Taxes') }])
    expect(lab.labels.of(at('out', 'b.txt'))).toEqual([{ label: 'private', from: at('Taxes') }])
  })

  test('says why it failed, or leaves that to the caller', async () => {
    await expect(lab.run('shell.run', { script: 'echo broken >&2; exit 3' })).rejects.toMatchObject({
      code: 'command-failed',
      message: 'The script ended with exit code 3: broken',
    })
    expect(await lab.run('shell.run', { script: 'exit 3', mustSucceed: false })).toMatchObject({ code: 3 })
    await expect(lab.run('shell.run', { program: 'sleep', args: ['60'], time: 1 })).rejects.toMatchObject({
      message: expect.stringContaining('longer than 1 seconds'),
    })
  })

  test.each([
    ['neither program nor script', {}, 'command-invalid'],
    ['a script for another program', { program: 'python3', script: 'print(1)' }, 'command-invalid'],
    ['a script with an input', { script: 'cat', stdin: 'x' }, 'command-invalid'],
    ['a program that is none', { program: 'no-such-thing' }, 'program-missing'],
    ['a program pattern', { program: '*' }, 'needs-invalid'],
    ['a program outside', { program: '/home/ada/evil' }, 'needs-invalid'],
    ['a relative folder', { script: 'true', read: ['x'] }, 'input-invalid'],
    ['a folder that is not there', { script: 'true', read: ['/nowhere/at/all'] }, 'path-missing'],
  ])('says what is wrong with %s', async (_, input, code) => {
    await expect(lab.run('shell.run', input)).rejects.toMatchObject({ code })
    expect(lab.effects.filter(({ state }) => state !== 'not-applied')).toEqual([])
  })
})

describe('shell.try', () => {
  const script = `for f in *.txt; do tr a-z A-Z < "$f" > /tmp/x; cat /tmp/x > "$f"; done; rm -r sub; echo $RANDOM$$ > number`

  test('shows each difference, does exactly that, and is taken back', async () => {
    const before = manifestOf(lab.folder)
    const preview = await lab.preview('shell.try', { folder: lab.folder, program: 'bash', script })
    expect(manifestOf(lab.folder)).toEqual(before)
    expect(preview.changes).toMatchObject([
      { kind: 'file-remove', path: at('sub') },
      { kind: 'file-write', path: at('a.txt'), diff: expect.stringContaining('-one\n+ONE') },
      { kind: 'file-write', path: at('number') },
    ])
    const output = await lab.run('shell.try', { folder: lab.folder, program: 'bash', script })
    expect(output).toMatchObject({ code: 0, changed: [at('sub'), at('a.txt'), at('number')] })
    expect([readFileSync(at('a.txt'), 'utf8'), existsSync(at('sub'))]).toEqual(['ONE\n', false])
    expect(await lab.undo()).toEqual([])
    expect(manifestOf(lab.folder)).toEqual(before)
  })

  test('a script that fails changes nothing', async () => {
    const before = manifestOf(lab.folder)
    await expect(lab.run('shell.try', { folder: lab.folder, script: 'rm -r *; exit 1' })).rejects.toMatchObject({ code: 'command-failed' })
    expect(manifestOf(lab.folder)).toEqual(before)
  })

  test('a bomb ends in its box', async () => {
    const before = manifestOf(lab.folder)
    const bombs = ['b() { b | b & }; b; sleep 1; exit 1', 'yes > big', 'a=x; while :; do a=$a$a; done']
    for (const bomb of bombs)
      await expect(lab.run('shell.try', { folder: lab.folder, script: bomb, time: 5, memory: 128 })).rejects.toMatchObject({
        code: expect.stringMatching(/^(command-failed|folder-too-large)$/),
      })
    expect(manifestOf(lab.folder)).toEqual(before)
  }, 60_000)
})

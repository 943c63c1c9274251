import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createPlanLab, fill, manifestOf } from '../../../../tools/lab/index.ts'
import type { PlanLab } from '../../../../tools/lab/index.ts'

let lab: PlanLab
let folder: string
let number = 0
beforeAll(async () => {
  lab = await createPlanLab()
}, 60_000)
afterAll(async () => {
  await lab[Symbol.asyncDispose]()
})
beforeEach(() => {
  folder = path.join(lab.folder, `case-${(number += 1)}`)
  mkdirSync(folder)
  fill(folder, {
    'a.txt': 'Dear Ms Keller,\nbye\n',
    'sub/b.md': '# Ms Keller\n\nMs Keller, ms keller\n',
    'other.txt': 'nobody\n',
    'picture.jpg': Buffer.from([0xff, 0xd8, 0, 0x4d, 0x73]),
    '.git/c.txt': 'Ms Keller\n',
    'empty.txt': '',
  })
})
const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8')

describe('replace-in-files', () => {
  test('shows a difference for each file that changes, changes those, and is undone', async () => {
    const before = manifestOf(folder)
    const inputs = { folder, find: 'Ms Keller', replace: 'Ms Frei' }
    const preview = await lab.preview('replace-in-files', inputs)
    expect(manifestOf(folder)).toEqual(before)
    expect(preview.changes.map(({ change }) => change)).toMatchObject([
      { kind: 'file-write', path: path.join(folder, 'a.txt'), diff: expect.stringContaining('-Dear Ms Keller,\n+Dear Ms Frei,') },
      { kind: 'file-write', path: path.join(folder, 'sub/b.md'), diff: expect.stringContaining('+# Ms Frei') },
    ])
    const run = await lab.run('replace-in-files', inputs)
    expect(run).toMatchObject({ state: 'done', error: null })
    expect(await lab.outputs(run)).toMatchObject({ changed: [path.join(folder, 'a.txt'), path.join(folder, 'sub/b.md')] })
    expect(read('sub/b.md')).toBe('# Ms Frei\n\nMs Frei, ms keller\n')
    expect(read('.git/c.txt')).toBe('Ms Keller\n')
    await lab.undo(run)
    expect(manifestOf(folder)).toEqual(before)
  })

  test('takes an expression, in the files that were named, and leaves what was unticked', async () => {
    const inputs = { folder, find: '(ms) (keller)', replace: '$2, $1', regex: true, matchCase: false, include: ['**/*.md', '*.txt'] }
    await lab.run('replace-in-files', inputs, ['**/a.txt'])
    expect(read('a.txt')).toContain('Ms Keller')
    expect(read('sub/b.md')).toBe('# Keller, Ms\n\nKeller, Ms, keller, ms\n')
  })

  test('says what is wrong with an expression and changes nothing', async () => {
    const before = manifestOf(folder)
    const preview = await lab.preview('replace-in-files', { folder, find: '(', replace: '', regex: true })
    expect(preview.steps.find((step) => step.error)?.error).toMatchObject({ code: 'expression-invalid' })
    expect(preview.changes).toEqual([])
    expect(manifestOf(folder)).toEqual(before)
  })
})

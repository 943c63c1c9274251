import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createToolLab, fill, manifestOf } from '../../../../tools/lab/index.ts'
import type { ToolLab } from '../../../../tools/lab/index.ts'
import plugin from './index.ts'
import { targetOf } from './rules.ts'

let lab: ToolLab
beforeEach(async () => {
  lab = await createToolLab(plugin, 'inbox-sorter')
})
afterEach(() => lab[Symbol.asyncDispose]())

const rules = [
  { match: '*.pdf', to: 'Papers' },
  { match: 'img_*.jp*g', to: 'Pictures/New' },
]

test.each([
  ['a.pdf', 'Papers'],
  ['A.PDF', 'Papers'],
  ['IMG_1.jpeg', 'Pictures/New'],
  ['img_.jpg', 'Pictures/New'],
  ['my-img_1.jpg', null],
  ['.pdf.part', null],
  ['pdf', null],
])('%s goes to %s', (name, to) => expect(targetOf(name, rules)).toBe(to))

describe('while it watches', () => {
  test('what arrives is moved too, a taken name gets a number, and the undo takes all of it back', async () => {
    fill(lab.folder, { 'old.pdf': 'old', 'Papers/new.pdf': 'was here', 'notes.txt': 'stays' })
    const before = manifestOf(lab.folder)
    const running = lab.run<{ moved: { to: string }[] }>('inbox-sorter.sort', { folder: lab.folder, rules, seconds: 3 })
    await until(() => existsSync(join(lab.folder, 'Papers', 'old.pdf')))
    writeFileSync(join(lab.folder, 'new.pdf'), 'new')
    const { moved } = await running
    expect(moved.map(({ to }) => to.slice(lab.folder.length))).toEqual(['/Papers/old.pdf', '/Papers/new (2).pdf'])
    expect(await lab.undo()).toEqual([])
    const after = manifestOf(lab.folder)
    expect(Object.keys(after)).toContain('new.pdf')
    delete after['new.pdf']
    expect(after).toEqual(before)
  })

  test('a preview shows what lies there and ends where the future begins', async () => {
    fill(lab.folder, { 'old.pdf': 'old' })
    const { changes, ended } = await lab.preview('inbox-sorter.sort', { folder: lab.folder, rules, seconds: 60 })
    expect(changes.map(({ kind }) => kind)).toContain('file-move')
    expect(ended).toBe(true)
  })

  test('a call that is stopped ends at once', async () => {
    const stop = new AbortController()
    const running = lab.run('inbox-sorter.sort', { folder: lab.folder, rules, seconds: 600 }, stop.signal)
    stop.abort(new Error('enough'))
    await expect(running).rejects.toThrow()
  })
})

test.each(['../out', '/etc', 'a//b', 'a/../../b', ''])('a rule may not lead to “%s”', async (to) => {
  await expect(lab.run('inbox-sorter.sort', { folder: lab.folder, rules: [{ match: '*', to }] })).rejects.toMatchObject({
    code: 'input-invalid',
  })
})

/** Asks again at every turn of the event loop; the test's own time limit ends it. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve))
}

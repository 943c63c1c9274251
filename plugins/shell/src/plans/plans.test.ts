import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs'
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
  fill(folder, { 'a.txt': 'Dear Ms Keller\n', 'sub/b.txt': 'Ms Keller\n', 'c.bin': Buffer.from([0, 1, 2]) })
})
const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8')
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')
const ada = { kind: 'person' as const, id: 'ada', name: 'Ada' }

describe('script-on-folder', () => {
  test('shows the differences, makes them, and is undone', async () => {
    const before = manifestOf(lab.folder)
    const inputs = { folder, script: 'sed -i "s/Keller/$1/" a.txt sub/b.txt; rm c.bin', words: ['Frei'] }
    const preview = await lab.preview('script-on-folder', inputs)
    expect(manifestOf(lab.folder)).toEqual(before)
    expect(preview.changes.map(({ change }) => change)).toMatchObject([
      { kind: 'file-remove', path: path.join(folder, 'c.bin') },
      { kind: 'file-write', diff: expect.stringContaining('-Dear Ms Keller\n+Dear Ms Frei') },
      { kind: 'file-write', path: path.join(folder, 'sub/b.txt') },
    ])
    const run = await lab.run('script-on-folder', inputs)
    expect(run).toMatchObject({ state: 'done', error: null })
    expect(read('a.txt')).toBe('Dear Ms Frei\n')
    await lab.undo(run)
    expect(manifestOf(lab.folder)).toEqual(before)
  })

  test('what a random script made in the preview is what is applied', async () => {
    const { runs, gate } = lab.kernel
    const script = 'head -c 12 /dev/urandom | od -An -tx1 > random.txt; date +%N >> a.txt'
    const started = await runs.start({ plan: 'script-on-folder', inputs: { folder, script }, mode: 'draft', priority: 0, allow: [] }, ada)
    const waiting = await runs.settled(started.id)
    const shown = await gate.approvals.get(waiting.approval ?? '')
    const hashes = shown.preview?.changes.map(({ change }) => (change.kind === 'file-write' ? change.hash : null))
    await runs.answer(shown.id, { answer: 'approve', hash: shown.hash, except: [], exceptGlobs: [], final: false, remember: 'no' }, ada)
    expect(await runs.settled(started.id)).toMatchObject({ state: 'done', approval: null })
    expect([hashOf(read('a.txt')), hashOf(read('random.txt'))].toSorted()).toEqual(hashes?.toSorted())
  })

  test('a folder that changed after the approval is asked about again', async () => {
    const { runs, gate } = lab.kernel
    const inputs = { folder, script: 'cat sub/b.txt >> a.txt; echo x > made.txt' }
    const started = await runs.start({ plan: 'script-on-folder', inputs, mode: 'draft', priority: 0, allow: [] }, ada)
    const first = await gate.approvals.get((await runs.settled(started.id)).approval ?? '')
    writeFileSync(path.join(folder, 'sub/b.txt'), 'edited meanwhile\n')
    await runs.answer(first.id, { answer: 'approve', hash: first.hash, except: [], exceptGlobs: [], final: false, remember: 'no' }, ada)
    const again = await gate.approvals.get((await runs.settled(started.id)).approval ?? '')
    expect(again).toMatchObject({ kind: 'drift' })
    expect(read('a.txt')).toBe('Dear Ms Keller\n')
    await runs.answer(again.id, { answer: 'approve', hash: again.hash, except: [], exceptGlobs: [], final: false, remember: 'no' }, ada)
    expect(await runs.settled(started.id)).toMatchObject({ state: 'done' })
    expect(read('a.txt')).toBe('Dear Ms Keller\nedited meanwhile\n')
  })

  test('links out of the folder are no way out', async () => {
    const outside = path.join(lab.folder, `outside-${number}.txt`)
    writeFileSync(outside, 'outside')
    symlinkSync(outside, path.join(folder, 'link'))
    const script = 'cat link > stolen.txt; echo over > link; echo x > a.txt'
    expect(await lab.run('script-on-folder', { folder, script })).toMatchObject({ state: 'done' })
    expect([readFileSync(outside, 'utf8'), readlinkSync(path.join(folder, 'link')), read('a.txt')]).toEqual(['outside', outside, 'x\n'])
    expect(read('stolen.txt')).toBe('')
  })

  test('shows the output of a script while it runs', async () => {
    const notes: unknown[] = []
    using _ = lab.kernel.runs.onProgress((note) => {
      if (note.type === 'text-delta') notes.push(note.data)
    })
    writeFileSync(path.join(folder, 'a.txt'), 'another\n')
    await lab.kernel.gate.grants.add(
      { subject: { kind: 'any', id: '*' }, permission: `fs.write:${folder}/**`, verdict: 'allow', expiresAt: null },
      'settings',
      'ada',
    )
    await lab.kernel.gate.grants.add(
      { subject: { kind: 'any', id: '*' }, permission: 'exec:sh', verdict: 'allow', expiresAt: null },
      'settings',
      'ada',
    )
    const { runs } = lab.kernel
    const inputs = { folder, script: 'echo working; echo x > a.txt' }
    const run = await runs.start({ plan: 'script-on-folder', inputs, mode: 'autopilot', priority: 0, allow: [] }, ada)
    expect(await runs.settled(run.id)).toMatchObject({ state: 'done' })
    expect(notes).toContainEqual({ stream: 'stdout', text: 'working\n' })
  })
})

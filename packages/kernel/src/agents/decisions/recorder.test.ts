import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Run } from '@life-os/contract'
import { ada, fixtureBuild, openKernel, withFolder } from '../../runs/testing.ts'
import type { TestKernel } from '../../runs/testing.ts'
import { createRedactor } from '../../secrets/index.ts'
import { forEachStore } from '../../store/testing.ts'
import type { StorePlace } from '../../store/testing.ts'
import { createDecisionRecorder } from './recorder.ts'
import { DecisionSubject } from './subject.ts'

const NOTES = withFolder(
  `- id: text\n  tool: trial.note\n  input: { path: "\${{ inputs.folder }}/a.txt", text: "private-content" }\n- id: page\n  tool: trial.note\n  input: { path: "\${{ inputs.folder }}/sub/b.md", text: "\${{ inputs.word }}" }`,
).replace('  folder: { type: path }', '  folder: { type: path }\n  word: { type: text, title: The word, default: none }')

const redactor = createRedactor()
redactor.know({ name: 'mail', values: ['hunter2-canary'] })

const open = async (place: StorePlace, folder?: string) =>
  openKernel(place, { builds: [await fixtureBuild()], ...(folder !== undefined && { folder }) })
function recording(kernel: TestKernel) {
  const { store, events, gate } = kernel.deps
  return createDecisionRecorder({
    store,
    events,
    previews: gate.previews,
    labels: kernel.labels,
    redactor,
    logger: { warn: (data, message) => expect.fail(`${message} ${JSON.stringify(data)}`) },
  })
}
async function recorded(kernel: TestKernel) {
  const rows = await kernel.deps.store.db.selectFrom('decisions').selectAll().orderBy('at').orderBy('id').execute()
  return rows.map(({ subject_json, ...row }) => ({ ...row, subject: DecisionSubject.parse(JSON.parse(subject_json)) }))
}
const refuse = async (kernel: TestKernel, run: Run, reason: string) => {
  const { hash } = await kernel.deps.gate.approvals.get(run.approval ?? '')
  await kernel.runs.answer(
    run.approval ?? '',
    { answer: 'refuse', hash, reason, except: [], exceptGlobs: [], final: false, remember: 'no' },
    ada,
  )
}
const preview = async (kernel: TestKernel) => (await kernel.preview(NOTES, { folder: kernel.folder })).run

forEachStore((_name, _open, freshPlace) => {
  test('a yes, a no with its reason, what was unticked, an edited input and an undo are recorded, without contents and secrets', async () => {
    await using place = await freshPlace()
    await using kernel = await open(place)
    {
      await using _recorder = await recording(kernel)
      await refuse(kernel, await preview(kernel), 'Not here, hunter2-canary')
      const first = await preview(kernel)
      const { preview: shown } = await kernel.deps.gate.approvals.get(first.approval ?? '')
      const markdown = shown?.changes.find(({ change }) => 'path' in change && change.path.endsWith('.md'))?.id ?? ''
      await kernel.runs.untick(first.approval ?? '', [markdown], [], ada)
      const done = await kernel.approve(await kernel.runs.get(first.id))
      expect(done.state).toBe('done')
      const second = await preview(kernel)
      await kernel.runs.edit(second.approval ?? '', { folder: kernel.folder, word: 'Archive' }, [], ada)
      await kernel.runs.settled((await kernel.runs.undo(done.id, { conflicts: 'skip' }, ada)).id)
      await kernel.deps.store.journal.flush()
    } // what was published is handled before it is disposed
    const { folder } = kernel
    const all = await recorded(kernel)
    expect(all.map(({ kind, person, tool, agent }) => [kind, person, tool, agent])).toEqual([
      ['refused', 'Ada', null, null],
      ['approved', 'Ada', null, null],
      ['unticked', 'Ada', null, null],
      ['edited', 'Ada', null, null],
      ['undone', 'Ada', null, null],
    ])
    const [refused, approved, unticked, edited, undone] = all
    expect(refused?.reason).toBe('Not here, [secret:mail]')
    const places = refused?.subject.touched.map(({ kind, tool, place: at, extension }) => [kind, tool, at, extension])
    expect(places).toContainEqual(['file-write', 'trial.note', folder, '.txt'])
    expect(places).toContainEqual(['file-write', 'trial.note', join(folder, 'sub'), '.md'])
    expect(approved?.subject.touched.some(({ extension }) => extension === '.md')).toBe(false)
    expect(unticked?.subject.touched).toMatchObject([{ kind: 'file-write', place: join(folder, 'sub'), extension: '.md' }])
    expect(edited?.subject).toMatchObject({
      plan: { id: 'trial', name: 'Trial' },
      edits: [{ name: 'word', title: 'The word', to: 'Archive' }],
    })
    expect(undone?.subject).toMatchObject({ plan: { id: 'trial' }, question: null })
    expect(JSON.stringify(all)).not.toContain('private-content')
    expect(JSON.stringify(all)).not.toContain('hunter2-canary')
  })

  test('what was decided while nobody listened is recorded at the next start, once', async () => {
    await using place = await freshPlace()
    await using kernel = await open(place)
    await refuse(kernel, await preview(kernel), 'one')
    for (const reason of ['two', 'three']) {
      {
        await using _recorder = await recording(kernel)
        await refuse(kernel, await preview(kernel), reason)
        await kernel.deps.store.journal.flush()
      }
      await using _again = await recording(kernel)
    }
    await kernel.deps.store.db.deleteFrom('settings').where('key', '=', 'decisions-position').execute() // as if the note was lost in a crash
    await using last = await recording(kernel)
    await last[Symbol.asyncDispose]()
    expect((await recorded(kernel)).map(({ reason }) => reason)).toEqual(['one', 'two', 'three'])
  })

  test('what touches a private folder carries that label', async () => {
    await using place = await freshPlace()
    await using kernel = await open(place)
    await kernel.labels.setFolder(join(kernel.folder, 'sub'), ['private'], 'ada')
    {
      await using _recorder = await recording(kernel)
      await refuse(kernel, await preview(kernel), 'no')
      await kernel.deps.store.journal.flush()
    }
    expect((await recorded(kernel)).map(({ subject }) => subject.labels)).toEqual([['private']])
  })
})

import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LabelSource } from '@life-os/contract'
import { describe, expect, it } from 'vitest'
import { eachDatabase, temporaryFolder } from '../testing/index.ts'
import { createLabelBook } from './book.ts'
import { labelsOf } from './sources.ts'
import { labelDownloads } from './strangers.ts'
import type { LabelBook } from './types.ts'

const outside: LabelSource = { label: 'untrusted', from: 'https://evil.example' }
const hash = 'a'.repeat(64)
const now = () => 1000

eachDatabase((open) => {
  async function twice(work: (book: LabelBook) => Promise<void>, look: (book: LabelBook) => void | Promise<void>): Promise<void> {
    await using fresh = await open()
    const book = await createLabelBook({ store: fresh.store, now })
    await work(book)
    await look(book)
    await look(await createLabelBook({ store: fresh.store, now })) // what a process that was killed just now would read
  }

  it('rules of folders join down the path, and a rule taken away is gone', () =>
    twice(
      async (book) => {
        await book.setFolder('/home/ada/Taxes', ['private'], 'ada')
        await book.setFolder('/home/ada', ['untrusted'], 'ada')
        await book.setFolder('/home/ada/Old', ['private'], 'ada')
        await book.setFolder('/home/ada/Old', [], 'ada')
      },
      async (book) => {
        expect(labelsOf(book.of('/home/ada/Taxes/2024/a.pdf'))).toEqual(['private', 'untrusted'])
        expect(book.of('/home/ada/Taxes2/a.pdf')).toEqual([{ label: 'untrusted', from: '/home/ada' }])
        expect(labelsOf(book.of('/home/ada/Old/x'))).toEqual(['untrusted'])
        expect(book.of('/home')).toEqual([])
        const { folders } = await book.list({ limit: 10 })
        expect(folders.map((rule) => [rule.path, rule.labels, rule.by])).toEqual([
          ['/home/ada', ['untrusted'], 'ada'],
          ['/home/ada/Taxes', ['private'], 'ada'],
        ])
      },
    ))

  it('what browsers save into is untrusted from the start, until a person takes that away for good', async () => {
    await using fresh = await open()
    using home = temporaryFolder()
    const { store } = fresh
    const book = await createLabelBook({ store, now })
    await labelDownloads({ store, labels: book, home: home.path })
    expect((await book.list({ limit: 10 })).folders).toEqual([])
    for (const name of ['Downloads', 'Geladen', '.config']) mkdirSync(join(home.path, name))
    writeFileSync(join(home.path, '.config', 'user-dirs.dirs'), 'XDG_DOWNLOAD_DIR="$HOME/Geladen"\n')
    await labelDownloads({ store, labels: book, home: home.path })
    expect(labelsOf(book.of(join(home.path, 'Downloads', 'a.pdf')))).toEqual(['untrusted'])
    expect((await book.list({ limit: 10 })).folders.map(({ by }) => by)).toEqual(['life-os', 'life-os'])
    await book.setFolder(join(home.path, 'Downloads'), [], 'ada')
    const later = await createLabelBook({ store, now })
    await labelDownloads({ store, labels: later, home: home.path })
    expect(later.of(join(home.path, 'Downloads', 'a.pdf'))).toEqual([])
    expect(labelsOf(later.of(join(home.path, 'Geladen', 'a.pdf')))).toEqual(['untrusted'])
  })

  it('a name is labelled by the rules above it, not by a rule of its own', () =>
    twice(
      (book) => book.setFolder('/home/ada/Taxes', ['private'], 'ada'),
      (book) => {
        expect(book.ofNames('/home/ada', ['/home/ada/Taxes', '/home/ada/b'])).toEqual([])
        expect(labelsOf(book.ofNames('/home/ada/Taxes', ['/home/ada/Taxes/x']))).toEqual(['private'])
        expect(labelsOf(book.ofTree('/home/ada'))).toEqual(['private'])
      },
    ))

  it('what was noted before a change is there after a kill, and goes where the file goes', () =>
    twice(
      async (book) => {
        await book.carry([], [{ path: '/d/a', hash, size: 3, sources: [outside] }]) // killed before it was settled
        const moved = await book.carry([{ from: '/d/a', to: '/e/b', gone: true }], [])
        expect(labelsOf(book.of('/d/a'))).toEqual(['untrusted'])
        expect(labelsOf(book.of('/e/b'))).toEqual(['untrusted'])
        await moved.settle()
      },
      (book) => {
        expect(book.of('/d/a')).toEqual([])
        expect(book.of('/e/b')).toEqual([outside])
        expect(book.ofBlob(hash)).toEqual([outside])
        expect(book.worthHashing('/elsewhere', 3)).toBe(true)
        expect(book.worthHashing('/elsewhere', 4)).toBe(false)
        expect(book.of('/elsewhere', hash)).toEqual([outside])
      },
    ))

  it('what did not happen leaves nothing behind', () =>
    twice(
      async (book) => {
        await (await book.carry([], [{ path: '/d/a', hash, size: 3, sources: [outside] }])).settle()
        const carried = await book.carry(
          [{ from: '/d/a', to: '/d/b', gone: true }],
          [{ path: '/d/a', hash, size: 3, sources: [{ label: 'private', from: '/x' }] }],
        )
        expect(labelsOf(book.of('/d/a'))).toEqual(['private', 'untrusted'])
        await carried.retract()
      },
      (book) => {
        expect(book.of('/d/a')).toEqual([outside])
        expect(book.of('/d/b')).toEqual([])
      },
    ))

  it('a folder takes along the rules above it, those inside it and its files', () =>
    twice(
      async (book) => {
        await book.setFolder('/taxes', ['private'], 'ada')
        await book.setFolder('/taxes/mail', ['untrusted'], 'ada')
        await (await book.carry([], [{ path: '/taxes/a/b', hash, size: 3, sources: [outside] }])).settle()
        await (await book.carry([{ from: '/taxes', to: '/public', gone: true }], [])).settle()
      },
      (book) => {
        expect(labelsOf(book.of('/public/x/y'))).toEqual(['private'])
        expect(labelsOf(book.of('/public/mail/m'))).toEqual(['private', 'untrusted'])
        expect(labelsOf(book.of('/public/a/b'))).toEqual(['private', 'untrusted'])
        expect(labelsOf(book.of('/taxes/a/b'))).toEqual(['private'])
      },
    ))

  it('an exchange of two places exchanges their labels', () =>
    twice(
      async (book) => {
        await (await book.carry([], [{ path: '/p', hash, size: 3, sources: [outside] }])).settle()
        await (
          await book.carry([], [{ path: '/trash/1', hash: 'b'.repeat(64), size: 3, sources: [{ label: 'private', from: '/x' }] }])
        ).settle()
        const carries = [
          { from: '/p', to: '/trash/2', gone: true },
          { from: '/trash/1', to: '/p', gone: true },
        ]
        await (await book.carry(carries, [])).settle()
      },
      (book) => {
        expect(labelsOf(book.of('/p'))).toEqual(['private'])
        expect(labelsOf(book.of('/trash/2'))).toEqual(['untrusted'])
        expect(book.of('/trash/1')).toEqual([])
      },
    ))

  it("a person's word holds for that file with that content, beats every rule, and is in the audit record", async () => {
    await using fresh = await open()
    using folder = temporaryFolder()
    const file = join(folder.path, 'in', 'a.txt')
    mkdirSync(join(folder.path, 'in'))
    writeFileSync(file, 'words')
    const book = await createLabelBook({ store: fresh.store, now })
    await book.setFolder(join(folder.path, 'in'), ['untrusted'], 'ada')
    await book.setFile(file, [], 'ada')
    const known = (await book.list({ limit: 10 })).items[0]
    expect(known).toMatchObject({ path: file, labels: [], from: 'set by ada' })
    expect(book.of(file, known?.hash)).toEqual([])
    expect(labelsOf(book.of(file, hash))).toEqual(['untrusted'])
    expect(labelsOf(book.of(file))).toEqual(['untrusted'])
    await book.setFile(file, ['private'], 'ada')
    expect(labelsOf(book.of(file))).toEqual(['private', 'untrusted'])
    renameSync(file, join(folder.path, 'b.txt'))
    await expect(book.setFile(file, [], 'ada')).rejects.toMatchObject({ code: 'path-missing' })
    await expect(book.setFile(folder.path, [], 'ada')).rejects.toMatchObject({ code: 'not-a-file' })
    await expect(book.setFolder('Taxes', ['private'], 'ada')).rejects.toMatchObject({ code: 'path-invalid' })
    const records = await fresh.store.db.selectFrom('audit').select(['kind', 'actor', 'rule']).orderBy('seq').execute()
    expect(records.map((record) => [record.kind, record.actor, record.rule])).toEqual([
      ['label', 'ada', 'folder-labelled'],
      ['label', 'ada', 'file-label-lowered'],
      ['label', 'ada', 'file-labelled'],
    ])
  })

  it('lists labelled files newest first, in pages, by what their path holds', async () => {
    await using fresh = await open()
    let time = 0
    const book = await createLabelBook({ store: fresh.store, now: () => ++time })
    for (const name of ['a', 'b', 'c'])
      await (await book.carry([], [{ path: `/d/${name}`, hash: name.repeat(64), size: 1, sources: [outside] }])).settle()
    await book.noteBlob('d'.repeat(64), [outside], 4)
    const first = await book.list({ limit: 2 })
    expect(first).toMatchObject({ total: 3, items: [{ path: '/d/c', from: outside.from }, { path: '/d/b' }] })
    expect(await book.list({ limit: 2, cursor: first.next ?? '' })).toMatchObject({ items: [{ path: '/d/a' }], next: null })
    expect((await book.list({ limit: 2, search: '/B' })).items).toHaveLength(1)
    expect(book.ofBlob('d'.repeat(64))).toEqual([outside])
  })
})

describe('looking up', () => {
  it('costs little with a hundred thousand files', async () => {
    const { createLabelTree } = await import('./tree.ts')
    const tree = createLabelTree()
    for (let index = 0; index < 100_000; index += 1)
      tree.put({ path: `/a/${index % 100}/${index}`, hash: String(index), size: index, sources: [outside], set: null, at: 0 })
    expect(labelsOf(tree.of('/a/99/99999'))).toEqual(['untrusted'])
    expect(tree.of('/b/99/99999')).toEqual([])
    expect(tree.ofTree('/a')).toHaveLength(1)
  })
})

import type { Change } from '@life-os/contract'
import fs from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { manifestOf, temporaryFolder } from '../fixtures.ts'
import { createTestHost } from '../testing.ts'
import type { HostServices } from '../types.ts'

/** Few names, so that they clash, hide and contain one another. */
const place = fc.array(fc.constantFrom('a', 'b.txt', 'c.tar.gz', 'ü 😀\n'), { minLength: 1, maxLength: 3 }).map((names) => names.join('/'))
const text = fc.string({ maxLength: 20 })
type Operation = [service: string, paths: string[], ...rest: unknown[]]
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(place, place).map(([from, to]): Operation => ['fs.move', [from, to]]) },
  fc.tuple(place, place).map(([from, to]): Operation => ['fs.copy', [from, to]]),
  fc.tuple(place, text).map(([at, content]): Operation => ['fs.write', [at], content]),
  fc.tuple(place, text).map(([at, content]): Operation => ['fs.write', [at], content, { replace: true }]),
  fc.tuple(place, text).map(([at, content]): Operation => ['fs.append', [at], content]),
  place.map((at): Operation => ['fs.remove', [at]]),
  place.map((at): Operation => ['fs.makeFolder', [at]]),
)
const entry = fc.record({
  at: place,
  kind: fc.constantFrom('file', 'file', 'folder', 'link'),
  content: text,
  mode: fc.constantFrom(0o644, 0o600, 0o755),
})

function build(folder: string, entries: readonly { at: string; kind: string; content: string; mode: number }[]): void {
  for (const { at, kind, content, mode } of entries) {
    const target = path.join(folder, at)
    try {
      fs.mkdirSync(path.dirname(target), { recursive: true })
      if (kind === 'folder') fs.mkdirSync(target)
      else if (kind === 'link') fs.symlinkSync(content.replaceAll('\0', '') || '.', target)
      else fs.writeFileSync(target, content, { flag: 'wx', mode })
    } catch {
      // the place is taken by an earlier entry
    }
  }
}

const signal = new AbortController().signal
/** Performs what can be done; what cannot is refused with a code of ours. */
async function perform(services: HostServices, folder: string, operations: readonly Operation[]): Promise<string[]> {
  const codes: string[] = []
  for (const [service, paths, ...rest] of operations) {
    await services.handle(service, [...paths.map((at) => path.join(folder, at)), ...rest], signal).then(
      () => codes.push('ok'),
      (error: { code?: string }) => codes.push(String(error.code)),
    )
  }
  return codes
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = temporaryFolder()
  try {
    await work(folder)
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

const EXPECTED = new Set([
  'ok',
  'path-missing',
  'not-a-folder',
  'not-a-file',
  'path-exists',
  'move-into-itself',
  'path-is-link',
  'path-not-allowed',
])

test('undo∘do = id, and undo∘undo = do, on any folder', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { maxLength: 8 }), fc.array(operation, { maxLength: 8 }), (entries, operations) =>
      inFolder(async (folder) => {
        build(folder, entries)
        await using host = await createTestHost(folder)
        const before = manifestOf(folder)
        const codes = await perform(host.services, folder, operations)
        expect(codes.filter((code) => !EXPECTED.has(code))).toEqual([])
        const after = manifestOf(folder)
        const done = host.effects.filter((effect) => effect.state === 'finished')
        const made = host.effects.length
        expect(await host.undo(done)).toEqual([])
        expect(manifestOf(folder)).toEqual(before)
        expect(await host.undo(host.effects.slice(made))).toEqual([])
        expect(manifestOf(folder)).toEqual(after)
      }),
    ),
    { numRuns: 60 },
  )
})

/** Through a moved link that leads nowhere a preview says that it may not, and in fact there is nothing: refused both times. */
const refusal = (code: string): string => (code === 'path-not-allowed' ? 'path-missing' : code)
/** A file that a preview only foresees has no time yet. */
const timeless = ({ modified: _modified, ...change }: Change) => change

test('a preview changes nothing, and is what happens', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { maxLength: 8 }), fc.array(operation, { maxLength: 8 }), (entries, operations) =>
      inFolder(async (folder) => {
        build(folder, entries)
        await using host = await createTestHost(folder)
        const before = manifestOf(folder)
        const preview = host.preview()
        const foreseen = await perform(preview.services, folder, operations)
        expect(manifestOf(folder)).toEqual(before)
        const listed = await preview.services.handle('fs.list', [folder, { recursive: true }], signal)
        const codes = await perform(host.services, folder, operations)
        expect(codes.map(refusal)).toEqual(foreseen.map(refusal))
        const made = host.effects.filter((effect) => effect.state === 'finished').map((effect) => effect.change)
        expect(made.map(timeless)).toEqual(preview.recording.changes.map(timeless))
        const shape = (stats: unknown) =>
          (stats as { path: string; kind: string; size: number }[]).map(({ path: at, kind, size }) => [at, kind, size]) // as fs.list promises
        expect(shape(await host.call('fs.list', folder, { recursive: true }))).toEqual(shape(listed))
      }),
    ),
    { numRuns: 60 },
  )
})

test('the preview of an undo is what the undo does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { maxLength: 6 }), fc.array(operation, { minLength: 1, maxLength: 6 }), (entries, operations) =>
      inFolder(async (folder) => {
        build(folder, entries)
        await using host = await createTestHost(folder)
        await perform(host.services, folder, operations)
        const done = host.effects.filter((effect) => effect.state === 'finished')
        const { recording } = await host.previewUndo(done)
        const from = host.effects.length
        await host.undo(done)
        expect(host.effects.slice(from).map((effect) => effect.change)).toEqual(recording.changes)
      }),
    ),
    { numRuns: 40 },
  )
})

test('a file and a folder that want one name are numbered apart, in a preview as in fact', async () => {
  await inFolder(async (folder) => {
    build(folder, [{ at: 'b.txt/a', kind: 'file', content: '', mode: 0o644 }])
    const operations: Operation[] = [
      ['fs.makeFolder', ['a']],
      ['fs.move', ['b.txt/a', 'b.txt']],
      ['fs.move', ['a', 'b.txt']],
    ]
    await using host = await createTestHost(folder)
    const { services, recording } = host.preview()
    await perform(services, folder, operations)
    await perform(host.services, folder, operations)
    expect(recording.changes.map(timeless)).toEqual(host.effects.map((effect) => timeless(effect.change)))
    expect(fs.readdirSync(folder).toSorted()).toEqual(['b (2).txt', 'b.txt', 'b.txt (2)'])
  })
})

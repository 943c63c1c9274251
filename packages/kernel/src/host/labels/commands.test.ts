import fs from 'node:fs'
import path from 'node:path'
import type { Labels } from '@life-os/contract'
import type { CommandResult } from '@life-os/plugin-sdk'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createCallLabels, createLabelBook, labelsOf } from '../../labels/index.ts'
import type { CallLabels, LabelBook } from '../../labels/index.ts'
import { createSandbox } from '../../sandbox/index.ts'
import { openStore } from '../../store/index.ts'
import type { Store } from '../../store/index.ts'
import { createCommandBench, script } from '../exec/testing.ts'
import type { CommandBench } from '../exec/testing.ts'
import { temporaryFolder } from '../fixtures.ts'
import { serveTest } from '../proxy/testing.ts'
import type { TestHost } from '../testing.ts'
import type { CallScope } from '../types.ts'

const SERVICES = ['exec.run', 'exec.view', 'exec.compute'] as const
const signal = new AbortController().signal
let stack: AsyncDisposableStack
let bench: CommandBench
let store: Store
let book: LabelBook
let host: TestHost
let place: string
let asked: number

beforeEach(async () => {
  stack = new AsyncDisposableStack()
  const home = temporaryFolder()
  stack.defer(() => fs.rmSync(home, { recursive: true, force: true }))
  store = stack.use(await openStore({ home }))
  book = await createLabelBook({ store, now: () => 1 })
  bench = stack.use(await createCommandBench())
  bench.write({ 'Taxes/a.txt': 'secret\n', 'Mail/b.txt': 'from a stranger\n', 'Notes/c.txt': 'plain\n' })
  await book.setFolder(at('Taxes'), ['private'], 'ada')
  await book.setFolder(at('Mail'), ['untrusted'], 'ada')
  asked = 0
  const site = stack.use(await serveTest((_, response) => void response.end(`asked ${++asked}\n`)))
  place = `127.0.0.1:${site.port}`
  const allowed = [
    { kind: 'exec', resource: 'sh' },
    { kind: 'fs.write', resource: `${bench.work}/**` },
    { kind: 'net', resource: place },
    { kind: 'net', resource: 'localhost:*' },
  ]
  host = await bench.host({ home, labels: book, allowed })
})
afterEach(() => stack.disposeAsync())

const at = (...names: string[]): string => path.join(bench.work, ...names)
const mount = (name: string, access: 'read' | 'write' = 'read') => ({ mounts: [{ path: at(name), access }] })
const ofFile = (name: string): Labels => labelsOf(book.of(at(name)))

interface Called {
  seen: CallLabels
  result: CommandResult & { files: { blob: string; size: number }[] }
}
/** One call of its own. */
async function called(service: string, command: object, labels: Labels = [], scope: Partial<CallScope> = {}, by = host): Promise<Called> {
  const seen = createCallLabels(labels)
  const services = by.real({ labels, seen, ...scope })
  return { seen, result: (await services.handle(service, [command], signal)) as Called['result'] } // as the three services answer
}
const scriptFor = (service: string, text: string, more: object = {}) =>
  script(text, { ...(service === 'exec.view' && { folder: at('Notes') }), ...more })

describe.each(SERVICES)('%s', (service) => {
  test.each<[string, Labels]>([
    ['Taxes', ['private']],
    ['Mail', ['untrusted']],
    ['', ['private', 'untrusted']],
    ['Notes', []],
  ])('takes the labels of the mounted folder %j: %j', async (name, labels) => {
    const { seen } = await called(service, scriptFor(service, 'echo said', mount(name)))
    expect(seen.current).toEqual(labels)
  })

  test('takes them through a link, too, and says where they came from', async () => {
    fs.symlinkSync(at('Taxes'), at('way'))
    const { seen, result } = await called(service, scriptFor(service, `cat ${at('way')}/a.txt`, mount('way')))
    expect(result.stdout).toBe('secret\n')
    expect(seen.explained).toEqual([{ label: 'private', from: at('Taxes') }])
  })

  test('takes them in a preview', async () => {
    const seen = createCallLabels([])
    const recording = { changes: [], warnings: [], unknown: false }
    const scope = { run: 'r', path: 'p', try: 0, plugin: 'test', pluginVersion: '1', tool: 'test.tool', key: 'k' }
    const declared = { effect: 'external', reversal: 'none', labels: [] as Labels } as const
    const allowed = [
      { kind: 'exec', resource: 'sh' },
      { kind: 'fs.write', resource: `${bench.work}/**` },
    ]
    const services = host.host.recording({ ...scope, ...declared, seen, allowed }, host.host.createOverlay(), recording)
    await services.handle(service, [scriptFor(service, 'true', mount('Taxes'))], signal).catch(() => undefined) // a run cannot be foreseen
    expect(seen.current).toEqual(['private'])
  })
})

describe('exec.view', () => {
  test('the folder it is a view of counts, and the files that it writes carry the labels of the call', async () => {
    expect((await called('exec.view', script('true', { folder: at('Mail') }))).seen.current).toEqual(['untrusted'])
    await called('exec.view', scriptFor('exec.view', `cp ${at('Taxes')}/a.txt copy.txt; mkdir new`, mount('Taxes')))
    expect([ofFile('Notes/copy.txt'), ofFile('Notes/new'), ofFile('Notes/c.txt')]).toEqual([['private'], ['private'], []])
    const { seen } = await called('exec.run', script('cat copy.txt', mount('Notes')))
    expect(seen.current).toEqual(['private'])
  })

  test('one that fails writes nothing and leaves no label', async () => {
    await called('exec.view', scriptFor('exec.view', 'echo x > made.txt; exit 1', mount('Taxes')))
    expect([fs.existsSync(at('Notes', 'made.txt')), ofFile('Notes/made.txt')]).toEqual([false, []])
  })
})

describe('exec.compute', () => {
  test('files that it leaves carry the labels of what it saw, and files laid in bring theirs', async () => {
    const { result } = await called('exec.compute', script(`tac ${at('Taxes')}/a.txt > left.txt; echo more >> left.txt`, mount('Taxes')))
    const [left] = result.files
    expect(labelsOf(book.ofBlob(left!.blob))).toEqual(['private'])
    const again = await called('exec.compute', script('cat in.txt > out.txt', { files: [{ name: 'in.txt', blob: left!.blob }] }))
    expect([again.result.code, again.seen.current]).toEqual([0, ['private']])
    const plain = await called('exec.compute', script('echo plain > left.txt'))
    expect(labelsOf(book.ofBlob(plain.result.files[0]!.blob))).toEqual([])
  })
})

describe('exec.run', () => {
  test('what it may write to carries the labels of the call afterwards; what it only reads does not', async () => {
    const mounts = [...mount('Taxes').mounts, ...mount('Notes', 'write').mounts]
    await called('exec.run', script(`cp ${at('Taxes')}/a.txt ${at('Notes')}/copy.txt`, { mounts }))
    expect([ofFile('Notes/copy.txt'), ofFile('Notes/c.txt'), ofFile('Mail/b.txt')]).toEqual([['private'], ['private'], ['untrusted']])
    const reborn = await createLabelBook({ store, now: () => 2 })
    expect(labelsOf(reborn.of(at('Notes', 'copy.txt')))).toEqual(['private'])
  })

  test('a call that was refused labels no folder, neither one of others nor its own', async () => {
    const outside = path.join(bench.root, 'outside')
    fs.mkdirSync(outside)
    for (const [folder, more, code] of [
      [outside, {}, 'path-not-allowed'],
      [at('Notes'), { program: 'python3' }, 'program-not-allowed'],
      [at('Notes'), { cwd: '/srv' }, 'arguments-invalid'],
    ] as const) {
      const command = script('true', { mounts: [{ path: folder, access: 'write' }], ...more })
      await expect(called('exec.run', command, ['private', 'untrusted'])).rejects.toMatchObject({ code })
      expect(book.of(folder)).toEqual([])
    }
  })

  test('one that was cut off keeps the label: nobody knows what it wrote', async () => {
    const stop = new AbortController()
    const scope = { labels: ['private'] as Labels, seen: createCallLabels(['private']), onOutput: () => stop.abort(new Error('stopped')) }
    const command = script('echo begun; sleep 60', mount('Notes', 'write'))
    await expect(host.real(scope).handle('exec.run', [command], stop.signal)).rejects.toThrow('stopped')
    expect(ofFile('Notes/c.txt')).toEqual(['private'])
  })

  test('with a network its output is untrusted, from the place', async () => {
    const { seen, result } = await called('exec.run', script(`curl -s http://${place}/`, { network: [place] }))
    expect(result.stdout).toBe('asked 1\n')
    expect(seen.explained).toEqual([{ label: 'untrusted', from: place }])
  })

  test('without a sandbox it may have seen anything', async () => {
    await using bare = await createSandbox({ folders: [] })
    const plain = await bench.host({ home: host.home, labels: book, sandbox: bare, allowed: [{ kind: 'exec', resource: 'sh' }] })
    const { seen } = await called('exec.run', script('echo bare'), [], {}, plain)
    expect(seen.current).toEqual(['private', 'untrusted'])
  })
})

describe('private data and a network', () => {
  const reaching = () => script(`curl -s http://${place}/`, { ...mount('Taxes'), network: [place] })

  test('is refused before anything is begun, and says from where to where', async () => {
    await expect(called('exec.run', reaching())).rejects.toMatchObject({
      code: 'private-not-allowed',
      applied: 'no',
      details: { permission: `net:${place}`, place, from: [at('Taxes')] },
    })
    expect([asked, host.effects]).toEqual([0, []])
  })

  test('is refused for labels that the call came with, and in a preview', async () => {
    const command = script(`curl -s http://${place}/`, { network: [place] })
    await expect(called('exec.run', command, ['private'])).rejects.toMatchObject({ code: 'private-not-allowed' })
    await expect(host.preview().services.handle('exec.run', [reaching()], signal)).rejects.toMatchObject({ code: 'private-not-allowed' })
    expect(asked).toBe(0)
  })

  test.each(['localhost:*', '*:443', '127.0.0.1:*'])('%s names no place', async (pattern) => {
    await expect(called('exec.run', reaching(), [], { privateTo: [pattern] })).rejects.toMatchObject({ code: 'private-not-allowed' })
  })

  test('goes where a person named exactly that host; each place needs its own name', async () => {
    const privateTo = [place]
    expect((await called('exec.run', reaching(), [], { privateTo })).result.stdout).toBe('asked 1\n')
    const both = { ...reaching(), network: [place, 'localhost:1'] }
    await expect(called('exec.run', both, [], { privateTo })).rejects.toMatchObject({
      code: 'private-not-allowed',
      details: { place: 'localhost:1' },
    })
  })
})

import fs from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import type { Labels } from '@life-os/contract'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createCallLabels, createLabelBook, labelsOf, type LabelBook } from '../../labels/index.ts'
import { openStore, type Store } from '../../store/index.ts'
import { temporaryFolder } from '../fixtures.ts'
import { createTestHost, type TestHost } from '../testing.ts'
import type { CallScope } from '../types.ts'

let folder: string
let home: string
let store: Store
let book: LabelBook
let host: TestHost
let server: Server
let port: number
beforeEach(async () => {
  folder = temporaryFolder()
  home = temporaryFolder()
  store = await openStore({ home })
  book = await createLabelBook({ store, now: () => 1 })
  server = createServer((_, response) => response.end('<p>hello</p>'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port // a TCP server has a port
  const allowed = [
    { kind: 'fs.write', resource: `${folder}/**` },
    { kind: 'net', resource: `127.0.0.1:${port}` },
  ]
  host = await createTestHost(folder, { home, labels: book, allowed })
})
afterEach(async () => {
  await host[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
  await new Promise((resolve) => server.close(resolve))
  for (const made of [folder, home]) fs.rmSync(made, { recursive: true, force: true })
})

const at = (...names: string[]): string => path.join(folder, ...names)
const signal = new AbortController().signal

/** One call with labels of its own; what it carries afterwards. */
async function called(
  labels: Labels,
  work: (call: (service: string, ...args: unknown[]) => Promise<unknown>) => Promise<unknown>,
  scope: Partial<CallScope> = {},
) {
  const seen = createCallLabels(labels)
  const services = host.real({ labels, seen, ...scope })
  await work((service, ...args) => services.handle(service, args, signal))
  return seen.current
}

describe('what a call reads joins it', () => {
  beforeEach(async () => {
    fs.mkdirSync(at('Taxes'))
    fs.writeFileSync(at('Taxes', 'a.txt'), 'secret')
    fs.writeFileSync(at('plain.txt'), 'plain')
    await book.setFolder(at('Taxes'), ['private'], 'ada')
  })

  test.each<[string, unknown[], Labels]>([
    ['fs.stat', ['Taxes/a.txt'], ['private']],
    ['fs.list', ['Taxes'], ['private']],
    ['fs.list', ['', { recursive: true }], ['private']],
    ['fs.list', [''], []],
    ['fs.read', ['Taxes/a.txt'], ['private']],
    ['fs.readText', ['Taxes/a.txt'], ['private']],
    ['fs.hash', [['Taxes/a.txt']], ['private']],
    ['fs.sniff', [['Taxes/a.txt']], ['private']],
    ['fs.usage', [''], ['private']],
    ['fs.readText', ['plain.txt'], []],
    ['fs.stat', ['plain.txt'], []],
  ])('%s %j: %j', async (service, [target, ...more], labels) => {
    const real = Array.isArray(target) ? target.map((one: string) => at(one)) : path.resolve(folder, String(target))
    expect(await called([], (call) => call(service, real, ...more))).toEqual(labels)
  })

  test('through a link, too', async () => {
    fs.symlinkSync(at('Taxes', 'a.txt'), at('link.txt'))
    fs.symlinkSync(at('Taxes'), at('way'))
    expect(await called([], (call) => call('fs.readText', at('link.txt')))).toEqual(['private'])
    expect(await called([], (call) => call('fs.readText', at('way', 'a.txt')))).toEqual(['private'])
  })

  test('also in a preview, and of what the preview itself would write, move and copy', async () => {
    const overlay = host.host.createOverlay()
    const recording = { changes: [], warnings: [], unknown: false }
    const recorded = async (
      labels: Labels,
      work: (call: (service: string, ...args: unknown[]) => Promise<unknown>) => Promise<unknown>,
    ) => {
      const seen = createCallLabels(labels)
      const scope = {
        run: 'r',
        path: 'p',
        try: 0,
        plugin: 'test',
        pluginVersion: '1',
        tool: 'test.tool',
        key: 'k',
        effect: 'write',
        reversal: 'exact',
      } as const
      const services = host.host.recording(
        { ...scope, labels, seen, allowed: [{ kind: 'fs.write', resource: `${folder}/**` }] },
        overlay,
        recording,
      )
      await work((service, ...args) => services.handle(service, args, signal))
      return seen.current
    }
    await recorded([], (call) => call('fs.move', at('Taxes'), at('Moved')))
    await recorded(['untrusted'], (call) => call('fs.write', at('new.txt'), 'from outside'))
    await recorded([], (call) => call('fs.copy', at('new.txt'), at('copy.txt')))
    expect(await recorded([], (call) => call('fs.readText', at('Moved', 'a.txt')))).toEqual(['private'])
    expect(await recorded([], (call) => call('fs.readText', at('copy.txt')))).toEqual(['untrusted'])
    expect(await recorded([], (call) => call('fs.list', folder))).toEqual(['private', 'untrusted']) // names, too
    expect(book.of(at('new.txt'))).toEqual([])
  })

  test('what comes by net is untrusted, also as a blob and on disk', async () => {
    const url = `http://127.0.0.1:${port}`
    expect(await called([], (call) => call('net.fetch', `${url}/page`))).toEqual(['untrusted'])
    let blob = ''
    await called([], async (call) => {
      blob = ((await call('net.download', `${url}/file`)) as { blob: string }).blob
    })
    expect(await called([], (call) => call('blobs.get', blob))).toEqual(['untrusted'])
    expect(await called([], (call) => call('fs.writeBlob', at('file.html'), blob))).toEqual([]) // the call itself has not seen it
    expect(book.of(at('file.html'))).toEqual([{ label: 'untrusted', from: url }])
    expect(await called([], (call) => call('fs.readText', at('file.html')))).toEqual(['untrusted'])
    expect(await called([], (call) => call('net.fetch', 'https://other.example/').catch(() => undefined))).toEqual([])
  })
})

describe('what a call writes carries its labels on', () => {
  const ofFile = (name: string): Labels => labelsOf(book.of(at(name)))

  test('writing, appending, copying, moving, removing and undoing', async () => {
    await called(['untrusted'], (call) => call('fs.write', at('a.txt'), 'one'))
    await called([], (call) => call('fs.append', at('a.txt'), 'two'))
    await called([], (call) => call('fs.copy', at('a.txt'), at('b.txt')))
    await called([], (call) => call('fs.move', at('a.txt'), at('sub', 'c.txt')))
    expect([ofFile('a.txt'), ofFile('b.txt'), ofFile('sub/c.txt'), ofFile('sub')]).toEqual([[], ['untrusted'], ['untrusted'], []])
    await called(['private'], (call) => call('fs.write', at('b.txt'), 'three', { replace: true }))
    expect(ofFile('b.txt')).toEqual(['private', 'untrusted'])
    expect(await host.undo(host.effects.slice(-1))).toEqual([])
    expect([fs.readFileSync(at('b.txt'), 'utf8'), ofFile('b.txt')]).toEqual(['onetwo', ['untrusted']])
    await called([], (call) => call('fs.remove', at('b.txt')))
    expect(ofFile('b.txt')).toEqual([])
    expect(await host.undo(host.effects.slice(-1))).toEqual([])
    expect(ofFile('b.txt')).toEqual(['untrusted'])
  })

  test('a folder that leaves a labelled place stays labelled wherever it goes', async () => {
    fs.mkdirSync(at('Taxes', '2024'), { recursive: true })
    fs.writeFileSync(at('Taxes', '2024', 'a.txt'), 'secret')
    await book.setFolder(at('Taxes'), ['private'], 'ada')
    await called([], (call) => call('fs.move', at('Taxes', '2024'), at('Old')))
    expect(await called([], (call) => call('fs.readText', at('Old', 'a.txt')))).toEqual(['private'])
    await host.undo(host.effects.slice())
    expect(book.of(at('Old', 'a.txt'))).toEqual([])
  })

  test.each(['begin', 'finish'] as const)('killed at %s: the label was on disk before the file was', async (moment) => {
    const killed = () => Promise.reject(new Error('killed'))
    const services = host.real({ labels: ['untrusted'], seen: createCallLabels(['untrusted']) }, { [moment]: killed })
    await expect(services.handle('fs.write', [at('a.txt'), 'from outside'], signal)).rejects.toThrow('killed')
    const reborn = await createLabelBook({ store, now: () => 2 })
    expect(fs.existsSync(at('a.txt'))).toBe(moment === 'finish')
    expect(labelsOf(reborn.of(at('a.txt')))).toEqual(moment === 'finish' ? ['untrusted'] : [])
  })

  test('what failed cleanly leaves no label', async () => {
    fs.writeFileSync(at('a.txt'), 'mine')
    const services = host.real({ labels: ['untrusted'], seen: createCallLabels(['untrusted']) })
    await expect(services.handle('fs.write', [at('a.txt', 'below'), 'x'], signal)).rejects.toMatchObject({ code: 'not-a-folder' })
    expect(book.of(at('a.txt'))).toEqual([])
  })
})

describe('private data at the door', () => {
  test('is refused before a name is looked up, and at every hop', async () => {
    const asked: string[] = []
    const looking = await createTestHost(folder, {
      home,
      labels: book,
      allowed: [{ kind: 'net', resource: '*.evil.example:443' }],
      lookup: async (name) => {
        asked.push(name)
        return [{ address: '127.0.0.1', family: 4 }]
      },
    })
    const services = looking.real({
      labels: ['private'],
      seen: createCallLabels(['private'], [{ label: 'private', from: '/home/ada/Taxes' }]),
    })
    await expect(services.handle('net.fetch', ['https://i-owe-100.evil.example/'], signal)).rejects.toMatchObject({
      code: 'private-not-allowed',
      applied: 'no',
      message: expect.stringContaining('(from /home/ada/Taxes) would go to i-owe-100.evil.example:443'),
      details: { permission: 'net:i-owe-100.evil.example:443' },
    })
    expect(asked).toEqual([])
    await looking[Symbol.asyncDispose]()
  })

  test('goes where a person named the place', async () => {
    const privateTo = [`127.0.0.1:${port}`]
    expect(await called(['private'], (call) => call('net.fetch', `http://127.0.0.1:${port}/`), { privateTo })).toEqual([
      'private',
      'untrusted',
    ])
  })

  test('is not moved into a folder that others read', async () => {
    fs.mkdirSync(at('Dropbox'))
    fs.mkdirSync(at('Taxes'))
    fs.writeFileSync(at('Taxes', 'a.txt'), 'secret')
    await book.setFolder(at('Taxes'), ['private'], 'ada')
    await expect(called([], (call) => call('fs.copy', at('Taxes', 'a.txt'), at('Dropbox', 'a.txt')))).rejects.toMatchObject({
      code: 'private-not-allowed',
    })
    expect(fs.readdirSync(at('Dropbox'))).toEqual([])
    expect(host.effects).toEqual([])
    await called([], (call) => call('fs.copy', at('Taxes', 'a.txt'), at('Dropbox', 'a.txt')), { privateTo: [at('Dropbox', 'a.txt')] })
    expect(fs.readdirSync(at('Dropbox'))).toEqual(['a.txt'])
  })
})

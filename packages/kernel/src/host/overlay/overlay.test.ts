import fs from 'node:fs'
import path from 'node:path'
import type { Change } from '@life-os/contract'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../fixtures.ts'
import { createTestHost } from '../testing.ts'
import type { TestHost } from '../testing.ts'

let folder: string
let host: TestHost
beforeEach(async () => {
  folder = temporaryFolder()
  host = await createTestHost(folder)
})
afterEach(async () => {
  await host[Symbol.asyncDispose]()
  fs.rmSync(folder, { recursive: true, force: true })
})
const at = (...names: string[]): string => path.join(folder, ...names)
const signal = new AbortController().signal

describe('the predicted world', () => {
  test('every read answers from it', async () => {
    fs.mkdirSync(at('f'))
    fs.writeFileSync(at('f', 'a.txt'), 'hello')
    const { services } = host.preview()
    const call = (service: string, ...args: unknown[]) => services.handle(service, args, signal)
    await call('fs.move', at('f'), at('g'))
    await call('fs.write', at('g', 'b.json'), '{}')
    await call('fs.copy', at('g'), at('h'))
    await call('fs.append', at('h', 'a.txt'), ' world')
    await call('fs.remove', at('g', 'a.txt'))
    expect(await call('fs.stat', at('f'))).toBeNull()
    expect(await call('fs.readText', at('h', 'a.txt'))).toBe('hello world')
    expect(Buffer.from((await call('fs.read', at('h', 'a.txt'), { offset: 3, length: 5 })) as Uint8Array).toString()).toBe('lo wo') // bytes, as fs.read promises
    expect(await call('fs.hash', [at('h', 'b.json')])).toMatchObject([
      { hash: '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a' },
    ])
    expect(await call('fs.sniff', [at('h', 'b.json')])).toMatchObject([{ mime: 'application/json', group: 'data' }])
    expect(await call('fs.usage', folder)).toMatchObject({ files: 3, folders: 2, bytes: 15 })
    expect(await call('fs.list', folder, { recursive: true, include: ['**/*.json'] })).toMatchObject([
      { path: at('g', 'b.json') },
      { path: at('h', 'b.json') },
    ])
    await expect(call('fs.readText', at('g', 'a.txt'))).rejects.toMatchObject({ code: 'path-missing' })
  })

  test('one overlay is shared by all calls of a preview, also side by side', async () => {
    for (let number = 0; number < 20; number += 1) fs.writeFileSync(at(`${number}.txt`), String(number))
    const overlay = host.host.createOverlay()
    const recorded = await Promise.all(
      Array.from({ length: 20 }, async (_, number) => {
        const { services, recording } = host.preview(overlay)
        await services.handle('fs.move', [at(`${number}.txt`), at('one', 'x.txt')], signal)
        return recording.changes
      }),
    )
    const targets = recorded.flat().flatMap((change) => (change.kind === 'file-move' ? [change.to] : []))
    expect(new Set(targets).size).toBe(20)
    expect(recorded.flat().filter((change) => change.kind === 'folder-make')).toHaveLength(1)
  })

  test('known changes are applied to it; a content that is nowhere is unknown', async () => {
    fs.writeFileSync(at('a'), 'a')
    const { services, recording, overlay } = host.preview()
    const { hash } = await storeBlob('stored')
    const shared = { summary: '', reversal: 'exact' as const }
    const changes: Change[] = [
      { kind: 'folder-make', path: at('f'), ...shared },
      { kind: 'file-move', from: at('a'), to: at('f', 'a'), ...shared },
      { kind: 'file-copy', from: at('f', 'a'), to: at('f', 'b'), ...shared },
      { kind: 'file-remove', path: at('f', 'a'), ...shared },
      { kind: 'file-write', path: at('known'), hash, bytes: 6, ...shared },
      { kind: 'file-write', path: at('unknown'), hash: '0'.repeat(64), bytes: 3, ...shared },
      { kind: 'request-send', method: 'POST', url: 'https://example.org/', summary: '', reversal: 'none' },
    ]
    for (const change of changes) await host.host.predict(overlay, change)
    const call = (service: string, ...args: unknown[]) => services.handle(service, args, signal)
    expect(await call('fs.list', folder, { recursive: true })).toMatchObject([
      { name: 'f' },
      { name: 'b', size: 1 },
      { name: 'known', size: 6 },
      { name: 'unknown', size: 3 },
    ])
    expect(await call('fs.readText', at('known'))).toBe('stored')
    expect(await call('fs.hash', [at('unknown')])).toMatchObject([{ hash: '0'.repeat(64) }])
    await expect(call('fs.readText', at('unknown'))).rejects.toMatchObject({ code: 'recording-ended' })
    expect(recording).toMatchObject({ changes: [], unknown: true })
  })
  const storeBlob = async (content: string): Promise<{ hash: string }> => ({
    hash: (await host.call<{ blob: string }>('blobs.put', content)).blob,
  })

  test('a moved link still leads where it pointed', async () => {
    fs.mkdirSync(at('real'))
    fs.writeFileSync(at('real', 'a'), 'a')
    fs.symlinkSync(at('real'), at('link'))
    const { services } = host.preview()
    const call = (service: string, ...args: unknown[]) => services.handle(service, args, signal)
    await call('fs.move', at('link'), at('sub', 'link'))
    expect(await call('fs.readText', at('sub', 'link', 'a'))).toBe('a')
    expect(await call('fs.write', at('sub', 'link', 'b'), 'b')).toEqual({ path: at('real', 'b') })
  })
})

test('what random gives is the same in the preview, when it runs and when it is tried again', async () => {
  const { services } = host.preview()
  const drawn = async (from: typeof services) => [
    await from.handle('random.uuid', [], signal),
    await from.handle('random.bytes', [40], signal),
    await from.handle('random.uuid', [], signal),
  ]
  const foreseen = await drawn(services)
  expect(await drawn(host.services)).toEqual(foreseen)
  expect(await drawn(host.real({}))).toEqual(foreseen)
  expect(foreseen[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(foreseen[0]).not.toBe(foreseen[2])
  expect(await drawn(host.real({ key: 'another call' }))).not.toEqual(foreseen)
  expect(fs.statSync(path.join(host.home, 'host.key')).mode & 0o777).toBe(0o600)
})

import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { temporaryFolder } from './fixtures.ts'
import { createSmallServices } from './misc.ts'
import { createRequestService } from './request.ts'
import { createFolderBlobs, createTestHost } from './testing.ts'
import type { TestHost } from './testing.ts'
import type { CallScope } from './types.ts'

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
const call = (service: string, ...args: unknown[]) => host.services.handle(service, args, new AbortController().signal)

describe('a plugin that floods', () => {
  test('asks the gate a limited number of times in one call', async () => {
    let judged = 0
    const scope: CallScope = {
      run: 'r',
      path: 'p',
      try: 1,
      plugin: 'test',
      pluginVersion: '1.0.0',
      tool: 'test.tool',
      key: 'k',
      effect: 'read',
      reversal: 'none',
      allowed: [],
      labels: [],
      async request(needs) {
        judged += 1
        return needs
      },
    }
    const services = createRequestService(scope, '/nowhere', async (place) => place)
    const ask = (at: number) => services['gate.request']?.([[{ kind: 'fs.read', resource: `/x/${at}` }]], new AbortController().signal)
    for (let at = 0; at < 200; at += 1) await ask(at)
    await expect(ask(200)).rejects.toMatchObject({ code: 'too-many-requests' })
    expect(judged).toBe(200)
    await expect(
      services['gate.request']?.([[{ kind: 'net', resource: 'x'.repeat(5000) }]], new AbortController().signal),
    ).rejects.toThrow()
  })

  test('keeps a limited number of blobs and bytes in one call', async () => {
    const labelling = { noteBlob: async () => undefined }
    const blobs = createFolderBlobs(path.join(folder, 'blobs'))
    const open = (limits: { bytes: number; blobs: number }) =>
      createSmallServices({ run: 'r', key: 'k' } as CallScope, labelling as never, blobs, Date.now, () => new Uint8Array(32), limits) // only these are used
    const put = async (services: ReturnType<typeof open>, content: string) =>
      services['blobs.put']?.([content], new AbortController().signal)
    const few = open({ bytes: 1000, blobs: 2 })
    await put(few, 'a')
    await put(few, 'b')
    await expect(put(few, 'c')).rejects.toMatchObject({ code: 'output-too-large' })
    const small = open({ bytes: 10, blobs: 100 })
    await put(small, 'x'.repeat(10))
    await expect(put(small, 'y')).rejects.toMatchObject({ code: 'output-too-large' })
    expect(fs.readdirSync(path.join(folder, 'blobs'))).toHaveLength(3)
  })

  test('lists by globs that hold nobody up, and by no others', async () => {
    fs.writeFileSync(path.join(folder, 'a'.repeat(250)), '')
    expect(await call('fs.list', folder, { include: [`${'*a'.repeat(30)}b`] })).toEqual([])
    expect(await call('fs.list', folder, { include: ['a*', '!*'] })).toHaveLength(1)
    await expect(call('fs.list', folder, { include: ['!(a)'] })).rejects.toMatchObject({ code: 'arguments-invalid' })
    const many = Array.from({ length: 100 }, (_, at) => `${'a'.repeat(90)}${at}`)
    await expect(call('fs.list', folder, { exclude: many })).rejects.toMatchObject({ code: 'arguments-invalid' })
  })
})

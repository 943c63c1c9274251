import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Grant, Need } from '@life-os/contract'
import type { FileStat } from '@life-os/plugin-sdk'
import { denialsOf, type CallDenials } from '../gate/index.ts'
import { manifestOf, temporaryFolder } from './fixtures.ts'
import { createTestHost } from './testing.ts'
import type { TestHost } from './testing.ts'
import type { HostServices } from './types.ts'

let folder: string
let host: TestHost
const at = (...names: string[]): string => path.join(folder, ...names)
const signal = new AbortController().signal
const call = (services: HostServices, service: string, ...args: unknown[]) => services.handle(service, args, signal)
beforeEach(async () => {
  folder = temporaryFolder()
  for (const [name, text] of Object.entries({ 'a.txt': 'a', 'private/deep/x.txt': 'secret', 'docs/b.txt': 'bb', 'docs/id.key': 'key' })) {
    fs.mkdirSync(path.dirname(at(name)), { recursive: true })
    fs.writeFileSync(at(name), text)
  }
  fs.symlinkSync('private', at('door'))
  fs.symlinkSync(at('private', 'deep', 'x.txt'), at('key'))
  host = await createTestHost(folder)
})
afterEach(async () => {
  await host[Symbol.asyncDispose]()
  fs.rmSync(folder, { recursive: true, force: true })
})

function refusing(verdict: 'deny' | 'ask', ...permissions: string[]): CallDenials | undefined {
  const grants = permissions.map((permission, index): Grant => ({
    id: String(index),
    subject: { kind: 'any', id: '*' },
    permission,
    verdict,
    origin: 'settings',
    createdAt: 0,
    createdBy: 'ada',
    expiresAt: null,
    usedAt: null,
  }))
  return denialsOf(grants, { effect: 'external', answers: [] })
}
const code = (rule: string) => ({ code: 'path-not-allowed', details: { rule } })

const TOUCHES: [string, () => unknown[]][] = [
  ['fs.stat', () => [at('private')]],
  ['fs.stat', () => [at('private', 'deep', 'x.txt')]],
  ['fs.list', () => [at('private')]],
  ['fs.list', () => [at('door')]],
  ['fs.read', () => [at('private', 'deep', 'x.txt')]],
  ['fs.readText', () => [at('key')]],
  ['fs.readText', () => [at('door', 'deep', 'x.txt')]],
  ['fs.hash', () => [[at('a.txt'), at('key')]]],
  ['fs.sniff', () => [[at('private', 'deep', 'x.txt')]]],
  ['fs.usage', () => [at('private', 'deep')]],
  ['fs.watch', () => [at('private'), { timeout: 0 }]],
  ['fs.write', () => [at('private', 'new.txt'), 'x']],
  ['fs.append', () => [at('door', 'deep', 'x.txt'), 'x']],
  ['fs.makeFolder', () => [at('private', 'made')]],
  ['fs.move', () => [at('a.txt'), at('private', 'a.txt')]],
  ['fs.move', () => [at('private', 'deep', 'x.txt'), at('x.txt')]],
  ['fs.move', () => [at('private'), at('open')]],
  ['fs.copy', () => [at('private', 'deep', 'x.txt'), at('x.txt')]],
  ['fs.remove', () => [at('private', 'deep')]],
]
test.each(TOUCHES)('%s does not reach a denied place, for real or in a preview', async (service, args) => {
  const before = manifestOf(folder)
  const denies = refusing('deny', `fs.read:${at('private')}/**`)
  await expect(call(host.real({ denies }), service, ...args())).rejects.toMatchObject(code('grant-deny'))
  const recording = { changes: [], warnings: [], unknown: false }
  const scope = { run: 'r', path: 'p', try: 0, plugin: 'test', pluginVersion: '1', tool: 't', key: 'k', labels: [] }
  const preview = host.host.recording(
    { ...scope, effect: 'external', reversal: 'none', allowed: [{ kind: 'fs.write', resource: folder }], denies },
    host.host.createOverlay(),
    recording,
  )
  await expect(call(preview, service, ...args())).rejects.toMatchObject(code('grant-deny'))
  expect(manifestOf(folder)).toEqual(before)
  expect(recording.changes).toEqual([])
})

test('what is denied is listed without what is in it, with the reason', async () => {
  const denies = refusing('deny', `fs.read:${at('private')}/**`, `fs.read:${folder}/**/*.key`)
  const services = host.real({ denies })
  const listed = (await call(services, 'fs.list', folder, { recursive: true })) as FileStat[]
  expect(listed.map((entry) => path.relative(folder, entry.path)).toSorted()).toEqual([
    'a.txt',
    'docs',
    'docs/b.txt',
    'docs/id.key',
    'door',
    'key',
    'private',
  ])
  const of = (name: string) => listed.find((entry) => entry.path === at(name))
  expect(of('private')?.unreadable).toContain('A grant forbids fs.read')
  expect(of('docs/id.key')).toMatchObject({ size: 0, unreadable: expect.stringContaining('.key') })
  expect(of('docs/b.txt')).not.toHaveProperty('unreadable')
  expect(await call(services, 'fs.usage', folder)).toMatchObject({ files: 2, bytes: 3 })
  expect(await call(services, 'fs.readText', at('docs', 'b.txt'))).toBe('bb')
})

test.each([
  ['fs.move', () => [at('docs'), at('moved')]],
  ['fs.copy', () => [at('docs'), at('copied')]],
  ['fs.remove', () => [at('docs')]],
])('%s of a folder that holds a denied place is refused whole', async (service, args) => {
  const before = manifestOf(folder)
  await expect(call(host.real({ denies: refusing('deny', `fs.read:${folder}/**/*.key`) }), service, ...args())).rejects.toMatchObject(
    code('grant-deny'),
  )
  expect(manifestOf(folder)).toEqual(before)
  fs.rmSync(at('docs', 'id.key'))
  await call(host.real({ denies: refusing('deny', `fs.read:${folder}/**/*.key`) }), service, ...args())
})

test('nothing comes to lie in a denied place by the folder that it lies in', async () => {
  fs.mkdirSync(at('new', 'private'), { recursive: true })
  fs.mkdirSync(at('target'))
  const denies = refusing('deny', `fs.write:${at('target', 'new', 'private')}`)
  await expect(call(host.real({ denies }), 'fs.copy', at('new'), at('target', 'new'))).rejects.toMatchObject(code('grant-deny'))
  await expect(call(host.real({ denies }), 'fs.move', at('new'), at('target', 'new'))).rejects.toMatchObject(code('grant-deny'))
  expect(fs.readdirSync(at('target'))).toEqual([])
  fs.writeFileSync(at('taken.txt'), '1')
  const numbered = refusing('deny', `fs.write:${at('taken (2).txt')}`)
  await expect(call(host.real({ denies: numbered }), 'fs.write', at('taken.txt'), 'x')).rejects.toMatchObject(code('grant-deny'))
})

test('who may not write may still read, and a refusal of another kind or effect is none', async () => {
  const file = at('private', 'deep', 'x.txt')
  const denies = refusing('deny', `fs.write:${at('private')}/**`, `fs.read@write:${folder}/**`, 'net:**')
  expect(await call(host.real({ denies }), 'fs.readText', file)).toBe('secret')
  await expect(call(host.real({ denies }), 'fs.write', file, 'x', { replace: true })).rejects.toMatchObject(code('grant-deny'))
})

test('a place to be asked about is refused unless the call named it', async () => {
  const file = at('private', 'deep', 'x.txt')
  const denies = refusing('ask', `fs.read:${at('private')}/**`)
  const error = await call(host.real({ denies }), 'fs.readText', file).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ ...code('grant-ask'), message: expect.stringContaining('Name this place itself') })
  const allowed: Need[] = [{ kind: 'fs.write', resource: `${folder}/**` }]
  const named = host.real({ denies, allowed: [...allowed, { kind: 'fs.read', resource: file }] })
  expect(await call(named, 'fs.readText', file)).toBe('secret')
  await expect(call(named, 'fs.stat', at('private'))).rejects.toMatchObject(code('grant-ask'))
  const whole = host.real({ denies: refusing('ask', 'fs.read:**'), allowed })
  expect(await call(whole, 'fs.readText', file)).toBe('secret') // the question was about all that the call was given
  const asked: Need[][] = []
  const asking = host.real({ denies, request: async (needs) => (asked.push([...needs]), needs) })
  await call(asking, 'gate.request', [{ kind: 'fs.read', resource: file }])
  expect(asked).toEqual([[{ kind: 'fs.read', resource: file }]])
  expect(await call(asking, 'fs.readText', file)).toBe('secret')
})

test('a denied host is not reached: by its name, by a redirect, or by a name that leads to it', async () => {
  const requests: string[] = []
  const server = http.createServer((request, response) => {
    requests.push(request.headers.host ?? '')
    if (request.url === '/away') return response.writeHead(302, { location: `http://evil.example.org:${port}/` }).end()
    return response.end('hello')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a TCP server has a port
  await using other = await createTestHost(folder, { lookup: async () => [{ address: '127.0.0.1', family: 4 }] })
  const allowed = [`*.example.org:${port}`, `127.0.0.1:${port}`].map((resource) => ({ kind: 'net', resource }))
  const from = (denies: CallDenials | undefined, url: string) => call(other.real({ allowed, denies }), 'net.fetch', url)
  const denied = { code: 'address-not-allowed', details: { rule: 'grant-deny' } }
  const evil = refusing('deny', `net:evil.example.org:${port}`)
  expect(await from(evil, `http://good.example.org:${port}/`)).toMatchObject({ status: 200 })
  await expect(from(evil, `http://evil.example.org:${port}/`)).rejects.toMatchObject(denied)
  await expect(from(evil, `http://EVIL.example.org.:${port}/`)).rejects.toMatchObject(denied)
  await expect(from(evil, `http://good.example.org:${port}/away`)).rejects.toMatchObject(denied)
  await expect(from(refusing('deny', `net:127.0.0.1:${port}`), `http://good.example.org:${port}/`)).rejects.toMatchObject(denied)
  await expect(from(refusing('ask', `net:evil.example.org:${port}`), `http://evil.example.org:${port}/`)).rejects.toMatchObject({
    details: { rule: 'grant-ask' },
  })
  expect(await from(refusing('ask', 'net:**'), `http://evil.example.org:${port}/`)).toMatchObject({ status: 200 })
  expect(requests.filter((name) => name.startsWith('evil'))).toHaveLength(1)
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

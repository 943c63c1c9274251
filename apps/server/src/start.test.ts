import { createServer } from 'node:http'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { socketPath } from '@life-os/kernel/store'
import { freshDatabase, POSTGRES_MISSING } from '../../../tools/services/fresh.ts'
import { askOwner } from './ask-owner.ts'
import { isolationWords, startServer } from './start.ts'
import { built } from './testing/open.ts'
import { whoIsOn } from './running.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lifeos-start-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const start = async (more: Partial<Parameters<typeof startServer>[0]> = {}) =>
  startServer({ home, pluginsDir: await built(), port: 0, print: () => {}, ...more })
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: { code?: string }) => error.code,
  )

test('the server answers on its port and on the owner’s socket, which is for this user alone', async () => {
  await using server = await start()
  expect(await (await fetch(`${server.address}/health/ready`)).json()).toEqual({ ok: true })
  expect((await fetch(`${server.address}/api/v1/me`)).status).toBe(401)
  const signIn = await fetch(server.link, { redirect: 'manual' })
  expect([signIn.status, signIn.headers.get('location')]).toEqual([303, '/'])
  expect(statSync(socketPath(home)).mode & 0o777).toBe(0o600)
  const owner = await askOwner(home)
  expect(owner?.address).toBe(server.address)
  expect((await fetch(owner?.link ?? '', { redirect: 'manual' })).headers.get('set-cookie')).toContain('HttpOnly')
})

test('bodies arrive whole over a real connection, by length and in chunks', async () => {
  await using server = await start()
  const { secret } = await server.kernel.auth.addToken(await server.kernel.auth.asOwner(), 'test', ['read', 'run', 'admin'])
  const headers = { authorization: `Bearer ${secret}` }
  const settings = await fetch(`${server.address}/api/v1/settings`, {
    method: 'PATCH',
    headers: { ...headers, 'content-type': 'application/json' },
    body: '{"undoDays":12}',
  })
  expect(await settings.json()).toMatchObject({ undoDays: 12 })
  const key = { ...headers, 'content-type': 'application/json', 'idempotency-key': 'over the wire' }
  const check = () =>
    fetch(`${server.address}/api/v1/plans/check`, {
      method: 'POST',
      headers: key,
      body: JSON.stringify({ plan: 'id: a\nname: A\nsteps:\n  - id: a\n    set: 1\n' }),
    })
  expect(await (await check()).json()).toMatchObject({ ok: true })
  expect((await check()).headers.get('idempotency-replayed')).toBe('true')
  const chunks = new Blob(['some ', 'bytes']).stream()
  const stored = await fetch(`${server.address}/api/v1/blobs`, { method: 'POST', headers, body: chunks, duplex: 'half' })
  expect(await stored.json()).toMatchObject({ size: 10 })
  const large = await fetch(`${server.address}/api/v1/plans/check`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: new Blob(['"', 'x'.repeat(9 * 1024 ** 2), '"']).stream(),
    duplex: 'half',
  })
  expect([large.status, ((await large.json()) as { code: string }).code]).toEqual([413, 'body-too-large'])
})

test('a second one on the folder is told, and after the first has ended it starts', async () => {
  const first = await start()
  expect(await codeOf(start())).toBe('home-owned')
  await first[Symbol.asyncDispose]()
  expect(await askOwner(home)).toBeUndefined()
  await using second = await start()
  expect(second.address).not.toBe('')
})

test('a port that is taken is told apart: this Life-OS, another one, a stranger, nobody', async () => {
  await using server = await start()
  const port = Number(new URL(server.address).port)
  expect(await whoIsOn(port, home)).toBe('this')
  expect(await whoIsOn(port, '/another/home')).toBe('another')
  const stranger = createServer((_request, response) => response.end('hello'))
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
  const taken = (stranger.address() as AddressInfo).port // a TCP server's address
  expect(await whoIsOn(taken, home)).toBe('foreign')
  const other = mkdtempSync(join(tmpdir(), 'lifeos-start-'))
  const failure: unknown = await start({ home: other, port: taken }).catch((error: unknown) => error)
  expect(failure).toMatchObject({
    code: 'port-taken',
    message: expect.stringContaining(`another program. Start with another one: --port ${taken + 1}`),
  })
  const second: unknown = await start({ home: other, port }).catch((error: unknown) => error)
  expect(second).toMatchObject({ code: 'port-taken', message: expect.stringContaining('another Life-OS') })
  await new Promise((resolve) => stranger.close(resolve))
  expect(await whoIsOn(taken, home)).toBe('nothing')
  rmSync(other, { recursive: true, force: true })
})

test('it listens beyond this machine only when told to and when a passphrase is set', async () => {
  expect(await codeOf(start({ host: '0.0.0.0' }))).toBe('listen-refused')
  expect(await codeOf(start({ host: '0.0.0.0', listen: true }))).toBe('listen-refused')
  {
    await using server = await start()
    await server.kernel.auth.setPassphrase(await server.kernel.auth.asOwner(), 'long enough words', undefined)
  }
  await using server = await start({ host: '0.0.0.0', listen: true })
  const { port } = new URL(server.address)
  expect((await fetch(`http://127.0.0.1:${port}/health/live`)).status).toBe(200)
})

test('closing lets open streams go and leaves nothing listening', async () => {
  const server = await start()
  const token = await server.kernel.auth.addToken(await server.kernel.auth.asOwner(), 'test', ['read'])
  const stream = await fetch(`${server.address}/api/v1/events`, { headers: { authorization: `Bearer ${token.secret}` } })
  const read = stream.text()
  await server[Symbol.asyncDispose]()
  expect(await read).toContain('retry:')
  expect(await whoIsOn(Number(new URL(server.address).port), home)).toBe('nothing')
})

const missing = process.env[POSTGRES_MISSING]
test.skipIf(missing)(`everything it keeps may lie in PostgreSQL${missing ? ` (${missing})` : ''}`, async () => {
  await using database = await freshDatabase()
  await using server = await start({ url: database.url })
  const { secret } = await server.kernel.auth.addToken(await server.kernel.auth.asOwner(), 'test', ['read', 'run'])
  const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json', 'idempotency-key': 'once' }
  const plan = { id: 'note', name: 'Note', steps: [{ id: 'a', set: 1 }], outputs: { a: '${{ steps.a }}' } }
  const begin = async () =>
    (await (
      await fetch(`${server.address}/api/v1/runs`, { method: 'POST', headers, body: JSON.stringify({ plan, mode: 'autopilot' }) })
    ).json()) as { id: string }
  const { id } = await begin()
  expect((await begin()).id).toBe(id)
  expect(await server.kernel.runs.settled(id)).toMatchObject({ state: 'done' })
  expect(await (await fetch(`${server.address}/api/v1/runs/${id}/outputs`, { headers })).json()).toEqual({ outputs: { a: 1 } })
  expect(await (await fetch(`${server.address}/api/v1/health`, { headers })).json()).toMatchObject({ store: 'postgres', status: 'ready' })
})

test('says at the start where plugins are not shut in boxes, and with which command they would be', () => {
  const boxed = { level: 'bubblewrap', reason: null, mend: null, uid: 1000, cgroup: true } as const
  expect(isolationWords(boxed)).toEqual([])
  const bare = { ...boxed, level: 'permissions', reason: 'bwrap is not installed', mend: 'apt-get install bubblewrap' } as const
  expect(isolationWords(bare)).toEqual([
    expect.stringContaining('bwrap is not installed'),
    '  To shut them in boxes: apt-get install bubblewrap',
  ])
})

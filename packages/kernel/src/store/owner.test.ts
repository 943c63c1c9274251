import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ownHome, socketPath } from './owner.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lifeos-owner-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})
const isOwner = (result: Awaited<ReturnType<typeof ownHome>>): boolean => 'owner' in result

test('a folder has one owner; another is told where it listens; a released folder is free', async () => {
  const home = join(folder, 'home')
  const first = await ownHome(home)
  expect(statSync(home).mode & 0o777).toBe(0o700)
  expect(statSync(join(home, 'owner.sqlite')).mode & 0o777).toBe(0o600)
  expect(await ownHome(home)).toEqual({ busy: { socket: join(home, 'lifeos.sock') } })
  if ('owner' in first) {
    first.owner[Symbol.dispose]()
    first.owner[Symbol.dispose]()
  }
  const second = await ownHome(home)
  expect(isOwner(second)).toBe(true)
  if ('owner' in second) second.owner[Symbol.dispose]()
})

test('a folder is free after its owner was killed', { timeout: 30_000 }, async () => {
  const fixture = fileURLToPath(new URL('fixtures/owner.ts', import.meta.url))
  const child = spawn(process.execPath, [fixture, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exit = once(child, 'exit')
  expect(String((await once(child.stdout, 'data'))[0]).trim()).toBe('owner')
  expect(isOwner(await ownHome(folder))).toBe(false)
  child.kill('SIGKILL')
  await exit
  const mine = await ownHome(folder)
  expect(isOwner(mine)).toBe(true)
  if ('owner' in mine) mine.owner[Symbol.dispose]()
})

test('a socket left by a killed owner is cleared away', async () => {
  writeFileSync(join(folder, 'lifeos.sock'), '')
  const mine = await ownHome(folder)
  expect(existsSync(join(folder, 'lifeos.sock'))).toBe(false)
  if ('owner' in mine) mine.owner[Symbol.dispose]()
})

test('a folder with a long path gets its socket in a short private one, which others find', async () => {
  const runtime = join(folder, 'run')
  mkdirSync(runtime, { mode: 0o700 })
  vi.stubEnv('XDG_RUNTIME_DIR', runtime)
  const home = join(folder, 'a-long-name'.repeat(12))
  const mine = await ownHome(home)
  const path = socketPath(home)
  expect(dirname(path)).toBe(join(runtime, 'life-os'))
  expect(statSync(dirname(path)).mode & 0o777).toBe(0o700)
  expect(readFileSync(join(home, 'socket-path'), 'utf8').trim()).toBe(path)
  const server = createServer().listen(path)
  await once(server, 'listening')
  vi.stubEnv('XDG_RUNTIME_DIR', '')
  expect(await ownHome(home)).toEqual({ busy: { socket: path } })
  await new Promise((resolve) => server.close(resolve))
  if ('owner' in mine) mine.owner[Symbol.dispose]()
})

test('a short folder that others can enter is refused', async () => {
  vi.stubEnv('XDG_RUNTIME_DIR', folder)
  mkdirSync(join(folder, 'life-os'))
  chmodSync(join(folder, 'life-os'), 0o777)
  const home = join(folder, 'a-long-name'.repeat(12))
  await expect(ownHome(home)).rejects.toEqual(expect.objectContaining({ code: 'socket-folder-unsafe' }))
  chmodSync(join(folder, 'life-os'), 0o700)
  expect(isOwner(await ownHome(home))).toBe(true)
})

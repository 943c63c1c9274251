import { execFile } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const run = promisify(execFile)
const user = fileURLToPath(new URL('./fixtures/keychain-user.ts', import.meta.url))
const missing = ['dbus-run-session', 'gnome-keyring-daemon', 'secret-tool'].find((name) => !isOnPath(name))
const why = process.platform !== 'linux' ? ' (skipped: needs Linux)' : missing ? ` (skipped: ${missing} is not installed)` : ''

function isOnPath(name: string): boolean {
  return (process.env.PATH ?? '').split(path.delimiter).some((folder) => fs.existsSync(path.join(folder, name)))
}

let folder: string
let home: string
beforeEach(() => {
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'life-os-keychain-')))
  home = path.join(folder, 'life-os')
  for (const made of [home, path.join(folder, 'run')]) fs.mkdirSync(made, { mode: 0o700 })
})
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

/** A desktop session of its own: a bus, GNOME's keyring (unlocked, or as it is before a person has signed in), and a user of secrets. */
async function session(keyring: 'unlocked' | 'locked' | 'no bus', ...deeds: string[]): Promise<unknown> {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, DBUS_SESSION_BUS_ADDRESS: _bus, ...rest } = process.env
  const env = { ...rest, HOME: folder, XDG_RUNTIME_DIR: path.join(folder, 'run'), XDG_DATA_HOME: path.join(folder, 'data') }
  const uses = [process.execPath, user, home, ...deeds]
  const unlock = `printf 'a passphrase\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "$@"`
  const [program = '', ...args] = {
    unlocked: ['dbus-run-session', '--', 'sh', '-c', unlock, 'sh', ...uses],
    locked: ['dbus-run-session', '--', ...uses], // the bus starts the daemon when it is asked for
    'no bus': uses,
  }[keyring]
  const { stdout } = await run(program, args, { env, timeout: 60_000 })
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
}

describe.skipIf(why !== '')(`a real keychain${why}`, () => {
  test('keeps the key, over a rotation and for the next session, and the folder has none', async () => {
    expect(await session('unlocked', 'set', 'read', 'rotate', 'read', 'none')).toEqual([
      'one',
      'canary-of-the-keychain',
      1,
      'canary-of-the-keychain',
      'none',
    ])
    expect(await session('unlocked', 'read')).toEqual(['canary-of-the-keychain'])
    expect(fs.readdirSync(home).filter((name) => name.startsWith('secrets.key'))).toEqual([])
  })

  test('that is locked, or not there, never counts as empty: no new key takes the place of the old one', async () => {
    await session('unlocked', 'set')
    for (const keyring of ['locked', 'no bus'] as const)
      expect(await session(keyring, 'read', 'set-another', 'rotate')).toEqual(Array(3).fill('keychain-unavailable'))
    expect(await session('unlocked', 'read')).toEqual(['canary-of-the-keychain'])
  })

  test('that cuts a text off is found out', async () => {
    expect(await session('unlocked', 'long')).toEqual(['keychain-unavailable'])
  })
})

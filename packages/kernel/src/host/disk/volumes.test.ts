import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { manifestOf, temporaryFolder } from '../fixtures.ts'
import { createTestHost } from '../testing.ts'
import type { TestHost } from '../testing.ts'
import { createMountTable, isLocal, isShare, parseMounts } from './mounts.ts'

const MOUNTINFO = `22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
28 27 0:40 / /home/ada/My\\040Share rw - cifs //nas/ada rw
29 27 0:41 / /home/ada rw - nfs4 nas:/ada rw
30 27 0:42 / /mnt/cloud rw - fuse.rclone remote: rw
31 30 0:43 / /mnt/cloud rw - tmpfs over rw`

describe('mounts', () => {
  const table = createMountTable(() => MOUNTINFO)
  test.each([
    ['/', 'ext4', true, false],
    ['/home/ada/x', 'nfs4', false, true],
    ['/home/ada/My Share/x', 'cifs', false, true],
    ['/home/adam', 'ext4', true, false],
    ['/mnt/cloud/x', 'tmpfs', true, false],
  ])('%s lies on %s', (at, type, local, share) => {
    const mount = table.of(at)
    expect([mount?.type, isLocal(mount), isShare(mount)]).toEqual([type, local, share])
  })
  test('lines that are none are left out', () => expect(parseMounts('garbage\n\n1 2 3 - \n')).toEqual([]))
  test('the table is read again after a while, not on every look', () => {
    let [reads, now] = [0, 0]
    const counted = createMountTable(
      () => ((reads += 1), MOUNTINFO),
      () => now,
    )
    counted.of('/a')
    counted.of('/b')
    expect(reads).toBe(1)
    now = 10_000
    counted.of('/a')
    expect(reads).toBe(2)
  })
})

describe('a folder that others own', () => {
  let folder: string
  const open: TestHost[] = []
  beforeEach(() => void (folder = temporaryFolder()))
  afterEach(async () => {
    for (const host of open.splice(0)) await host[Symbol.asyncDispose]()
    fs.rmSync(folder, { recursive: true, force: true })
  })
  const hostWith = async (mounts?: string): Promise<TestHost> => {
    const host = await createTestHost(folder, mounts === undefined ? {} : { mounts: createMountTable(() => mounts) })
    open.push(host)
    return host
  }
  test.each([
    ['Dropbox', '.dropbox'],
    ['OneDrive - Work', null],
    ['x', '.stfolder'],
    ['x', '.sync_journal.db'],
    ['Google Drive', null],
    ['Nextcloud', null],
  ])('%s with %s is warned of, and what lies in it', async (name, marker) => {
    fs.mkdirSync(path.join(folder, name, 'deep'), { recursive: true })
    if (marker) fs.writeFileSync(path.join(folder, name, marker), '')
    const host = await hostWith()
    expect(await host.host.inspect(path.join(folder, name, 'deep'))).toMatchObject([{ code: 'folder-sync-client' }])
    expect(await host.host.inspect(folder)).toEqual([])
  })
  test('a network share is warned of and works through calls that do not block', async () => {
    const host = await hostWith(`1 0 0:1 / / rw - ext4 x rw\n2 1 0:2 / ${folder} rw - nfs4 nas:/x rw`)
    expect(await host.host.inspect(folder)).toMatchObject([{ code: 'folder-network-share' }])
    fs.writeFileSync(path.join(folder, 'a'), 'a')
    const before = manifestOf(folder)
    await host.call('fs.move', path.join(folder, 'a'), path.join(folder, 'n', 'b'))
    await host.call('fs.write', path.join(folder, 'n', 'b'), 'x', { replace: true })
    await host.call('fs.remove', path.join(folder, 'n'))
    expect(fs.readdirSync(folder)).toEqual([`.life-os-trash-${process.getuid?.()}`])
    expect(await host.call('fs.list', folder)).toEqual([])
    expect(await host.undo(host.effects.slice())).toEqual([])
    await host.host.forget(host.effects)
    fs.rmdirSync(path.join(folder, `.life-os-trash-${process.getuid?.()}`))
    expect(manifestOf(folder)).toEqual(before)
  })
  test('a folder that is not there or no folder is said so', async () => {
    const host = await hostWith()
    expect(await host.host.inspect(path.join(folder, 'missing', 'deeper'))).toEqual([])
  })
})

const SHM = '/dev/shm'
const otherVolume = fs.existsSync(SHM) && fs.statSync(SHM).dev !== fs.statSync('/tmp').dev
describe.skipIf(!otherVolume)('between two volumes (skipped where /dev/shm is not one of its own)', () => {
  let [here, there] = ['', '']
  let host: TestHost
  beforeEach(async () => {
    here = temporaryFolder()
    there = temporaryFolder(SHM)
    host = await createTestHost(here, {
      allowed: [
        { kind: 'fs.write', resource: here },
        { kind: 'fs.write', resource: there },
      ],
    })
  })
  afterEach(async () => {
    await host.host.forget(host.effects)
    await host[Symbol.asyncDispose]()
    for (const folder of [here, there]) fs.rmSync(folder, { recursive: true, force: true })
  })
  const both = (): string[][] => [manifestOf(here), manifestOf(there)]
  const fill = (folder: string): void => {
    fs.mkdirSync(path.join(folder, 'tree', 'deep'), { recursive: true })
    fs.writeFileSync(path.join(folder, 'tree', 'deep', 'leaf'), Buffer.alloc(700_000, 7), { mode: 0o600 })
    fs.utimesSync(path.join(folder, 'tree', 'deep', 'leaf'), 1_500_000_000.5, 1_500_000_000.5)
    fs.symlinkSync('deep/leaf', path.join(folder, 'tree', 'link'))
    fs.chmodSync(path.join(folder, 'tree', 'deep'), 0o750)
  }

  test.each([
    ['there', () => [here, there] as const],
    ['and back', () => [there, here] as const],
  ])('a folder moves %s whole, with modes, times and links, and comes back', async (_, places) => {
    const [from, to] = places()
    fill(from)
    const before = both()
    expect(await host.call('fs.move', path.join(from, 'tree'), path.join(to, 'sub', 'tree'))).toEqual({
      path: path.join(to, 'sub', 'tree'),
    })
    expect(manifestOf(path.join(to, 'sub'))).toEqual(before.find((lines) => lines.length > 0))
    expect(manifestOf(from)).toEqual([])
    const after = both()
    const done = host.effects.slice()
    expect(await host.undo(done)).toEqual([])
    expect(both()).toEqual(before)
    expect(await host.undo(host.effects.slice(done.length))).toEqual([])
    expect(both()).toEqual(after)
  })

  test('a special file does not cross, and nothing is left of the attempt', async () => {
    fill(here)
    fs.mkdirSync(path.join(here, 'tree', 'odd'))
    const { execFileSync } = await import('node:child_process')
    execFileSync('mkfifo', [path.join(here, 'tree', 'odd', 'pipe')])
    const before = both()
    await expect(host.call('fs.move', path.join(here, 'tree'), path.join(there, 'tree'))).rejects.toMatchObject({
      code: 'file-special',
      applied: 'no',
    })
    expect(both()).toEqual(before)
    expect(host.effects.at(-1)).toMatchObject({ state: 'not-applied' })
  })

  test('removing keeps the thing on its own volume, by a rename', async () => {
    fill(there)
    const { ino } = fs.lstatSync(path.join(there, 'tree'))
    await host.call('fs.remove', path.join(there, 'tree'))
    const trash = Object.values(host.effects[0]?.before ?? {})[0]?.trash ?? ''
    expect(trash.startsWith(`${SHM}/.life-os-trash-`)).toBe(true)
    expect([fs.lstatSync(trash).ino, fs.statSync(path.dirname(trash)).mode & 0o777]).toEqual([ino, 0o700])
  })
})

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openFolder } from '../testing.ts'
import { createGroups, noGroups } from './groups.ts'
import { settingsFor } from './group-settings.ts'
import { findHierarchies } from './hierarchies.ts'

let folder: ReturnType<typeof openFolder>
beforeEach(() => void (folder = openFolder()))
afterEach(() => folder[Symbol.dispose]())

/** Folders as a kernel shows them, under a place that the texts name. */
function look({ mountinfo, cgroup, files }: { mountinfo: string; cgroup: string; files: Record<string, string> }) {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder.path, file)), { recursive: true })
    writeFileSync(path.join(folder.path, file), text)
  }
  const texts: Record<string, string> = { '/proc/self/mountinfo': mountinfo.replaceAll('AT', folder.path), '/proc/self/cgroup': cgroup }
  return findHierarchies((file) => texts[file] ?? readFileSync(file, 'utf8')).map((one) => ({
    ...one,
    folder: path.relative(folder.path, one.folder),
  }))
}

describe('where groups may be made', () => {
  test('version 2: the nearest ancestor that lends memory and processes, not the server’s own group', () => {
    const user = 'user.slice/user-1000.slice/user@1000.service'
    expect(
      look({
        mountinfo: '35 24 0:30 / AT rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n',
        cgroup: `0::/${user}/app.slice/app-terminal.scope\n`,
        files: {
          [`${user}/cgroup.subtree_control`]: 'cpu memory pids\n',
          [`${user}/cgroup.procs`]: '',
          [`${user}/app.slice/cgroup.subtree_control`]: '\n',
          [`${user}/app.slice/app-terminal.scope/cgroup.subtree_control`]: '\n',
          'cgroup.subtree_control': 'cpu memory pids\n',
        },
      }),
    ).toEqual([{ version: 2, controllers: ['memory', 'pids', 'cpu'], folder: user }])
  })

  test('version 1: under the server’s own group, or at the root where a container hides its path', () => {
    expect(
      look({
        mountinfo:
          '40 35 0:34 / AT/memory rw - cgroup cgroup rw,memory\n41 35 0:35 /docker/1 AT/pids rw - cgroup cgroup rw,pids\n42 35 0:36 / AT/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n43 35 0:37 / AT/freezer rw - cgroup cgroup rw,freezer\n',
        cgroup: '5:freezer:/\n4:memory:/life\n3:pids:/docker/1\n2:cpu,cpuacct:/hidden\n0::/\n',
        files: { 'memory/life/tasks': '', 'pids/tasks': '', 'cpu,cpuacct/tasks': '', 'freezer/tasks': '' },
      }),
    ).toEqual([
      { version: 1, controllers: ['memory'], folder: 'memory/life' },
      { version: 1, controllers: ['pids'], folder: 'pids' },
      { version: 1, controllers: ['cpu'], folder: 'cpu,cpuacct' },
    ])
  })

  test('nowhere that is not there to be written', () => {
    expect(look({ mountinfo: '40 35 0:34 / AT/memory rw - cgroup cgroup rw,memory\n', cgroup: '4:memory:/\n', files: {} })).toEqual([])
  })

  test('groups that cannot limit memory and processes both are none', () => {
    expect(createGroups([])).toBe(noGroups)
    expect(createGroups([{ version: 1, controllers: ['memory'], folder: folder.path }])).toBe(noGroups)
  })
})

describe('what is written', () => {
  const limits = { memory: 1000, data: 0, pids: 10, cpu: 0.5, cpuTime: null, fileSize: null }
  test('version 2', () => {
    for (const file of ['memory.swap.max', 'memory.oom.group']) writeFileSync(path.join(folder.path, file), '')
    expect(settingsFor({ version: 2, controllers: ['memory', 'pids', 'cpu'], folder: folder.path }, limits)).toEqual([
      ['memory.max', '1000'],
      ['memory.swap.max', '0'],
      ['memory.oom.group', '1'],
      ['pids.max', '14'],
      ['cpu.max', '50000 100000'],
    ])
  })

  test('version 1, and nothing stays of a group that could not be made whole', () => {
    expect(settingsFor({ version: 1, controllers: ['memory', 'cpu'], folder: folder.path }, { ...limits, cpu: null })).toEqual([
      ['memory.limit_in_bytes', '1000'],
    ])
    const groups = createGroups([{ version: 1, controllers: ['memory', 'pids'], folder: path.join(folder.path) }])
    mkdirSync(path.join(folder.path, `life-os-${process.pid}-1`))
    expect(() => groups.make(limits)).toThrow(expect.objectContaining({ code: 'box-failed' }) as Error)
    expect(readdirSync(folder.path)).toEqual([])
  })
})

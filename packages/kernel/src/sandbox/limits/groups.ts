import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { BoxLimits } from '../box/plan.ts'
import { boxFailed } from '../faults.ts'
import { settingsFor } from './group-settings.ts'
import type { Hierarchy } from './hierarchies.ts'

/** One box's control groups. */
export interface Group {
  /** Files into which a process writes its number to enter. */
  readonly doors: readonly string[]
  /** Whether the kernel killed in it for want of memory. Still known after `remove`. */
  ranOut(): boolean
  /** Ends what is left in it and takes it away. */
  remove(): Promise<void>
}

export interface Groups {
  /** Whether memory and processes are limited for a box as a whole. */
  readonly held: boolean
  /** Error: `box-failed`. */
  make(limits: BoxLimits): Group
}

const NONE: Group = { doors: [], ranOut: () => false, remove: async () => undefined }
export const noGroups: Groups = { held: false, make: () => NONE }

const PREFIX = 'life-os-'
/** Milliseconds for the dead to leave; the kernel takes some after the last of them is collected. */
const PATIENCE = 3000
const STEP = 3

/** Groups under these folders; `noGroups` unless memory and processes can both be limited. */
export function createGroups(hierarchies: readonly Hierarchy[]): Groups {
  const has = (name: string) => hierarchies.some(({ controllers }) => controllers.includes(name))
  if (!has('memory') || !has('pids')) return noGroups
  for (const { folder } of hierarchies) removeLeftovers(folder)
  let made = 0
  return {
    held: true,
    make(limits) {
      const name = `${PREFIX}${process.pid}-${++made}`
      const folders = hierarchies.map((hierarchy) => ({ ...hierarchy, folder: path.join(hierarchy.folder, name) }))
      try {
        for (const group of folders) {
          mkdirSync(group.folder)
          for (const [file, value] of settingsFor(group, limits)) writeFileSync(path.join(group.folder, file), value)
        }
      } catch (error) {
        for (const { folder } of folders) tryRemove(folder)
        throw boxFailed(`its limits could not be set: ${error instanceof Error ? error.message : String(error)}`)
      }
      return groupOf(folders)
    },
  }
}

function groupOf(folders: readonly Hierarchy[]): Group {
  const memory = folders.find(({ controllers }) => controllers.includes('memory'))
  let ranOut = false
  const look = () => (ranOut ||= memory !== undefined && killsIn(memory) > 0)
  return {
    doors: folders.map(({ folder }) => path.join(folder, 'cgroup.procs')),
    ranOut: look,
    async remove() {
      look()
      for (const end = Date.now() + PATIENCE; ; await wait(STEP)) {
        const left = folders.filter(({ folder }) => !tryRemove(folder))
        if (left.length === 0 || Date.now() > end) return
        for (const { folder } of left) killAllIn(folder)
      }
    },
  }
}

function killsIn({ version, folder }: Hierarchy): number {
  try {
    const text = readFileSync(path.join(folder, version === 2 ? 'memory.events' : 'memory.oom_control'), 'utf8')
    return Number(/^oom_kill (\d+)$/m.exec(text)?.[1] ?? 0)
  } catch {
    return 0 // it is gone
  }
}

/** Only processes of one box are ever in a group. */
function killAllIn(folder: string): void {
  try {
    for (const line of readFileSync(path.join(folder, 'cgroup.procs'), 'utf8').split('\n'))
      if (line !== '') process.kill(Number(line), 'SIGKILL')
  } catch {
    // The group or the process went meanwhile.
  }
}

/** Whether it is gone. */
function tryRemove(folder: string): boolean {
  try {
    rmdirSync(folder)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' // rmdir throws nothing else
  }
  return true
}

/** Of servers that were killed; groups in which something runs cannot be removed. */
function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) {
    const owner = name.startsWith(PREFIX) ? name.slice(PREFIX.length).split('-')[0] : undefined
    if (owner !== undefined && !existsSync(`/proc/${owner}`)) tryRemove(path.join(folder, name))
  }
}

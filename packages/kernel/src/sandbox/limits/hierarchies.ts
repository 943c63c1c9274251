import { accessSync, constants, readFileSync } from 'node:fs'
import path from 'node:path'

/** A tree of control groups, and the folder in it under which boxes get groups of their own. */
export interface Hierarchy {
  version: 1 | 2
  /** Of those that boxes need: `memory`, `pids`, `cpu`. */
  controllers: readonly string[]
  folder: string
}

const WANTED = ['memory', 'pids', 'cpu']

/** Where this process may make groups. Empty where nothing is delegated to it. */
export function findHierarchies(read: (file: string) => string = (file) => readFileSync(file, 'utf8')): Hierarchy[] {
  const own = ownGroups(read('/proc/self/cgroup'))
  return mountsOf(read('/proc/self/mountinfo')).flatMap((mount): Hierarchy[] => {
    const group = own.find(({ controllers }) =>
      mount.version === 2 ? controllers.length === 0 : controllers.some((name) => mount.options.includes(name)),
    )
    if (!group) return []
    const start = mount.root !== '/' && group.path.startsWith(mount.root) ? group.path.slice(mount.root.length) : group.path
    if (mount.version === 2) return delegatedAbove(mount.place, start, read)
    const controllers = WANTED.filter((name) => mount.options.includes(name))
    const folder = [path.join(mount.place, start), mount.place].find(isWritable)
    return controllers.length > 0 && folder !== undefined ? [{ version: 1, controllers, folder }] : []
  })
}

/** Version 2 keeps processes out of groups that have children with controllers: an ancestor is looked for that lends them already. */
function delegatedAbove(place: string, start: string, read: (file: string) => string): Hierarchy[] {
  for (let folder = path.join(place, start); folder.startsWith(place); folder = path.dirname(folder)) {
    const controllers = lent(folder, read)
    if (controllers.length > 0 && isWritable(folder) && isWritable(path.join(folder, 'cgroup.procs')))
      return [{ version: 2, controllers, folder }]
  }
  return []
}

function lent(folder: string, read: (file: string) => string): string[] {
  try {
    const names = read(path.join(folder, 'cgroup.subtree_control')).trim().split(' ')
    return WANTED.filter((name) => names.includes(name))
  } catch {
    return []
  }
}

/** Lines of `/proc/self/cgroup`: `id:controllers:path`, the middle empty for version 2. */
function ownGroups(text: string): { controllers: string[]; path: string }[] {
  return text
    .trim()
    .split('\n')
    .map((line) => line.split(':'))
    .map(([, controllers = '', ...rest]) => ({ controllers: controllers.split(',').filter(Boolean), path: rest.join(':') }))
}

/** Lines of mountinfo: `id parent major:minor root place options … - type source superOptions`. */
function mountsOf(text: string): { version: 1 | 2; root: string; place: string; options: string[] }[] {
  return text.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ')
    const [type, , options = ''] = after.split(' ')
    const [, , , root = '/', place = ''] = before.split(' ')
    if (type !== 'cgroup' && type !== 'cgroup2') return []
    return [{ version: type === 'cgroup2' ? 2 : 1, root, place, options: options.split(',') } as const]
  })
}

function isWritable(file: string): boolean {
  try {
    accessSync(file, constants.W_OK)
    return true
  } catch {
    return false
  }
}

import { statSync } from 'node:fs'
import path from 'node:path'
import type { Identity } from '../identity.ts'
import { boxFailed } from '../faults.ts'
import type { BoxPlan, Mount } from './plan.ts'
import type { Tools } from './types.ts'

/** A place that every Linux has, and of which nothing is ever shown in a box; covered only in a mount namespace of the launch's own. */
const PLACE = '/sys'

/** Runs as root: shows what its arguments name, in pairs up to \`--\`, at places that the box's user can reach, then becomes what follows. */
const STAGE = `
PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount -t tmpfs -o size=1m,mode=0755 tmpfs ${PLACE} || exit 114
while [ "$1" != -- ]; do
  if [ -d "$1" ]; then mkdir "$2"; else : > "$2"; fi
  mount --rbind -- "$1" "$2" || exit 114
  shift 2
done
shift
unset PATH PWD OLDPWD
exec "$@"`

/**
 * Bubblewrap opens what it shows as the box's user. Where that user cannot walk to it (a clone in /root), root shows it
 * first at a place it can reach, in a mount namespace that ends with the box.
 */
export function stage(plan: BoxPlan, identity: Identity | null, tools: Tools): { plan: BoxPlan; command: string[] } {
  if (!identity) return { plan, command: [] }
  const pairs: string[] = []
  const mounts = plan.mounts.map((mount): Mount => {
    if (isReachable(mount.from, identity)) return mount
    const place = `${PLACE}/${pairs.length}`
    pairs.push(mount.from, place)
    return { ...mount, from: place }
  })
  if (pairs.length === 0) return { plan, command: [] }
  if (tools.unshare === null) throw boxFailed('unshare (of util-linux) is not installed')
  return {
    plan: { ...plan, mounts },
    command: [tools.unshare, '--mount', '--propagation', 'private', tools.shell, '-c', STAGE, 'life-os', ...pairs, '--'],
  }
}

export const isStaged = (from: string) => from.startsWith(`${PLACE}/`)

/** Whether every folder above it lets this user through. */
export function isReachable(file: string, identity: Identity): boolean {
  for (let above = path.dirname(file); ; above = path.dirname(above)) {
    if (!mayAll(statSync(above), identity, 1)) return false
    if (above === path.dirname(above)) return true
  }
}

interface Owned {
  uid: number
  gid: number
  mode: number
}

/** `bits`: of 4 read, 2 write, 1 walk or run. Access lists only ever make this too careful. */
export function mayAll({ uid, gid, mode }: Owned, identity: Identity, bits: number): boolean {
  const shift = uid === identity.uid ? 6 : gid === identity.gid ? 3 : 0
  return ((mode >> shift) & bits) === bits
}

import { lstatSync, readlinkSync } from 'node:fs'
import { words } from '../words.ts'
import type { BoxPlan, Mount } from './plan.ts'

const DEVICES = words('null zero full random urandom')
/** Parts of /proc that tell of the whole machine, or command it, to whoever is root or was left a wrong mode. */
const HIDDEN_FILES = words('kcore keys key-users kallsyms kmsg sysrq-trigger timer_list sched_debug latency_stats')
const HIDDEN_FOLDERS = words('acpi scsi asound irq bus fs')
const LIBRARIES = words('lib lib32 lib64 libx32')
const PROGRAMS = words('bin sbin')
/** Of /etc only what programs look up. The list of users is made for the box. */
const SETTINGS = words(`ld.so.cache ssl/certs ssl/openssl.cnf ca-certificates pki/tls/certs alternatives fonts mime.types magic
  matplotlibrc python3 python3.11 python3.12 python3.13`)
const SHARED_MEMORY = 16 * 1024 ** 2

const look = (path: string) => lstatSync(path, { throwIfNoEntry: false })

/** What of this machine every box is made of. Looked at once: it does not change under a running server. */
export interface System {
  all: readonly string[]
  libraries: readonly string[]
  hidden: readonly string[]
}

export function lookAtSystem(): System {
  const clock = ['--ro-bind-try', '/usr/share/zoneinfo', '/usr/share/zoneinfo']
  const zone = look('/etc/localtime')?.isSymbolicLink() ? ['--symlink', readlinkSync('/etc/localtime'), '/etc/localtime'] : []
  const cache = ['--ro-bind-try', '/etc/ld.so.cache', '/etc/ld.so.cache']
  return {
    all: [
      '--ro-bind',
      '/usr',
      '/usr',
      ...[...PROGRAMS, ...LIBRARIES].flatMap((name) => asOnHost(`/${name}`)),
      ...SETTINGS.flatMap((name) => ['--ro-bind-try', `/etc/${name}`, `/etc/${name}`]),
      ...zone,
    ],
    libraries: [...LIBRARIES.flatMap((name) => [...asOnHost(`/usr/${name}`), ...asOnHost(`/${name}`)]), ...cache, ...clock, ...zone],
    hidden: [
      ...HIDDEN_FILES.filter((name) => look(`/proc/${name}`)).flatMap((name) => ['--ro-bind', '/dev/null', `/proc/${name}`]),
      ...HIDDEN_FOLDERS.filter((name) => look(`/proc/${name}`)).flatMap((name) => [
        '--size',
        '4096',
        '--tmpfs',
        `/proc/${name}`,
        '--remount-ro',
        `/proc/${name}`,
      ]),
    ],
  }
}

function asOnHost(path: string): string[] {
  const found = look(path)
  if (!found) return []
  return found.isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path]
}

/** Numbers that bubblewrap inherits. */
export interface Descriptors {
  seccomp: number
  /** In the order of the plan's files. */
  files: readonly number[]
  pinned: ReadonlyMap<Mount, number>
}

/**
 * Bubblewrap's arguments.  Bubblewrap itself stays as
 * the first process inside: it collects the dead.
 */
export function profileOf(plan: BoxPlan, system: System, descriptors: Descriptors): string[] {
  return [
    ...words('--unshare-all --unshare-user --disable-userns --die-with-parent --new-session --clearenv --cap-drop ALL'),
    ...words(`--hostname life-os --seccomp ${descriptors.seccomp}`),
    ...(plan.system === 'all' ? system.all : system.libraries),
    ...words('--proc /proc --ro-bind /proc/sys /proc/sys'),
    ...system.hidden,
    ...words('--size 4096 --tmpfs /proc/1 --remount-ro /proc/1'), // who can write its memory can untie the box from its parent
    ...devices(plan.system === 'all'),
    ...plan.scratch.flatMap(({ to, size }) => ['--perms', '0700', '--size', String(size), '--tmpfs', to]),
    ...plan.files.flatMap(({ to }, index) => ['--perms', '0444', '--file', String(descriptors.files[index]), to]),
    ...plan.mounts.toSorted(outerFirst).flatMap((mount) => bind(mount, descriptors.pinned.get(mount))),
    ...(plan.scratch.some(({ to }) => plan.cwd.startsWith(`${to}/`)) ? ['--dir', plan.cwd] : []),
    ...words('--remount-ro / --chdir'),
    plan.cwd,
    ...Object.entries(plan.env).flatMap(([name, value]) => ['--setenv', name, value]),
    '--',
    ...plan.program,
  ]
}

function bind({ from, to, access }: Mount, pinned: number | undefined): string[] {
  const option = access === 'read' ? '--ro-bind' : '--bind'
  return pinned === undefined ? [option, from, to] : [`${option}-fd`, String(pinned), to]
}

const outerFirst = (one: Mount, other: Mount) => one.to.length - other.to.length

/** Five devices and no terminal. Programs of any kind may need shared memory; Node does not. */
function devices(sharedMemory: boolean): string[] {
  return [
    ...words('--size 65536 --tmpfs /dev'),
    ...DEVICES.flatMap((name) => ['--dev-bind', `/dev/${name}`, `/dev/${name}`]),
    ...words('--symlink /proc/self/fd /dev/fd --symlink fd/0 /dev/stdin --symlink fd/1 /dev/stdout --symlink fd/2 /dev/stderr'),
    ...words('--dir /dev/shm --remount-ro /dev'),
    ...(sharedMemory ? words(`--perms 0700 --size ${SHARED_MEMORY} --tmpfs /dev/shm`) : []),
  ]
}

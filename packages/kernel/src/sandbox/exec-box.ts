import { accessSync, constants, realpathSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { INNER } from './box/launch.ts'
import type { BoxPlan, Mount } from './box/plan.ts'
import { boxFailed, mountMissing, programMissing } from './faults.ts'
import type { Sealed } from './sealed.ts'
import { find } from './tools.ts'
import type { ExecRequest, ServeRequest } from './types.ts'

const MIB = 1024 ** 2
const SCRATCH = 256 // MiB
const TEMPORARY = 64 * MIB
/** Address space beside what a program may use: interpreters reserve far more than they touch. */
const HEADROOM = 1024 * MIB
const PATH = ['/usr/bin', '/bin']
const WORK = '/work'
/** Where nothing of the caller's may be shown. */
const RESERVED = ['/proc', '/dev', '/sys', '/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/etc', '/life-os']

/** Errors: `program-missing`, `mount-missing`, `box-failed`. */
export function execPlan(request: ExecRequest, users: readonly BoxPlan['files'][number][]): BoxPlan {
  const { mounts, limits, cwd, env } = request
  for (const mount of mounts) checkMount(mount)
  if (request.proxy !== null) mustBe(request.proxy.socket)
  if (!path.posix.isAbsolute(cwd)) throw boxFailed(`the working folder ${cwd} is not absolute`)
  const fileSize = (limits.fileSize ?? SCRATCH) * MIB
  return {
    system: 'all',
    mounts: mounts.map((mount) => ({ ...mount, pinned: true })),
    files: users,
    scratch: [
      { to: '/tmp', size: TEMPORARY },
      { to: WORK, size: fileSize },
    ],
    cwd: path.posix.normalize(cwd),
    env: { PATH: PATH.join(':'), HOME: WORK, TMPDIR: '/tmp', LANG: 'C.UTF-8', ...env },
    program: [resolveProgram(request.program, mounts), ...request.args],
    proxy: request.proxy,
    limits: {
      memory: limits.memory * MIB,
      data: limits.memory * MIB + HEADROOM,
      pids: limits.pids,
      cpu: Math.max(1, availableParallelism() - 1), // one core stays for the server
      cpuTime: limits.cpu ?? limits.time / 1000,
      fileSize,
    },
  }
}

/** The same for a program that lives until it is ended: no clock, neither on the wall nor of the processor. */
export function servePlan({ limits, ...request }: ServeRequest, users: readonly BoxPlan['files'][number][]): BoxPlan {
  const plan = execPlan({ ...request, stdin: null, limits: { ...limits, time: 0, output: 0 } }, users)
  return { ...plan, limits: { ...plan.limits, cpuTime: null } }
}

/** Every program may ask who it is. */
export function usersOf({ uid, gid }: { uid: number; gid: number }, seal: (text: string) => Sealed): BoxPlan['files'] {
  return [
    { to: '/etc/passwd', content: seal(`box:x:${uid}:${gid}:box:${WORK}:/bin/sh\n`) },
    { to: '/etc/group', content: seal(`box:x:${gid}:\n`) },
    { to: '/etc/hosts', content: seal('127.0.0.1 localhost\n::1 localhost\n') },
  ]
}

function checkMount({ from, to }: Mount): void {
  if (
    to !== path.posix.normalize(to) ||
    !to.startsWith('/') ||
    to === '/' ||
    RESERVED.some((own) => to === own || to.startsWith(`${own}/`))
  )
    throw mountMissing(from, `in the box, ${to} is no place for it`)
  mustBe(from)
}

/** It is there, and is what it says: a link that was put in the way of a folder that was judged leads elsewhere. */
function mustBe(from: string): void {
  let real: string
  try {
    real = realpathSync(from)
  } catch (error) {
    throw mountMissing(from, error instanceof Error ? error.message : String(error))
  }
  if (real !== from) throw mountMissing(from, `it is a link, or lies behind one, to ${real}`)
}

/** The path of a program inside the box, seen from outside. */
function resolveProgram(program: string, mounts: readonly Mount[]): string {
  if (program === 'node') return INNER.node // the one that runs Life-OS, whatever this machine has
  const inside = program.includes('/') ? path.posix.normalize(program) : find(program, PATH)
  if (inside === undefined || !path.posix.isAbsolute(inside)) throw programMissing(program)
  if (inside === INNER.node) return inside
  const mount = mounts.filter(({ to }) => inside === to || inside.startsWith(`${to}/`)).toSorted((a, b) => b.to.length - a.to.length)[0]
  const outside = mount
    ? mount.from + inside.slice(mount.to.length)
    : ['/usr/', '/bin/', '/sbin/'].some((own) => inside.startsWith(own))
      ? inside
      : undefined
  if (outside === undefined || !isProgram(outside)) throw programMissing(program)
  return inside
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

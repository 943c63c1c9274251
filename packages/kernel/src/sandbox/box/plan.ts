import type { Sealed } from '../sealed.ts'

/** Something of this machine that is shown in a box. `to` lies inside. */
export interface Mount {
  from: string
  to: string
  access: 'read' | 'write'
  /** Others may change what lies around it meanwhile: it is held from the check on. */
  pinned?: boolean
}

/** What a box is to hold; every path in `program`, `cwd` and `env` is one inside. */
export interface BoxPlan {
  /** Programs and libraries of this machine: all of them, or what Node needs to start. */
  system: 'all' | 'libraries'
  mounts: readonly Mount[]
  files: readonly { to: string; content: Sealed }[]
  /** Empty folders that can be written, gone with the box. Sizes in bytes. */
  scratch: readonly { to: string; size: number }[]
  cwd: string
  env: Readonly<Record<string, string>>
  program: readonly string[]
  /** The host's proxy, which the box has on its own 127.0.0.1:`port`; null: no network at all. */
  proxy: { socket: string; port: number } | null
  limits: BoxLimits
}

/** Bytes and counts; of the whole box where control groups hold, otherwise of each process. */
export interface BoxLimits {
  memory: number
  /** Bytes of private address space a process may reserve. */
  data: number
  pids: number
  /** Part of one core; null: no limit of its own. */
  cpu: number | null
  /** Seconds of CPU of a process; null: it may live for ever. */
  cpuTime: number | null
  /** Bytes of one file; null: as the scratch folders allow. */
  fileSize: number | null
}

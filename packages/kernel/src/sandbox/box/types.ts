import type { Duplex, Readable, Writable } from 'node:stream'
import type { Groups } from '../limits/groups.ts'
import type { Sealed } from '../sealed.ts'
import type { System } from './profile.ts'
import type { Strays } from './strays.ts'

/** Where the programs that make a box are, on this machine. */
export interface Tools {
  bubblewrap: string
  shell: string
  /** Sets limits inside the box. */
  prlimit: string
  /** A Node that the box's user may run. */
  node: string
  /** Only for a server that runs as root. */
  setpriv: string | null
  unshare: string | null
}

export interface Maker {
  tools: Tools
  system: System
  filter: Sealed
  groups: Groups
  strays: Strays
  /** Whether this bubblewrap mounts what a descriptor holds (0.8.0-2+deb12u1, 0.10 and later). */
  pins: boolean
}

export type BoxEnd = { code: number | null; signal: NodeJS.Signals | null; error?: Error }

export interface Box {
  readonly pid: number | undefined
  readonly stdin: Writable | null
  readonly stdout: Readable
  readonly stderr: Readable
  /** Descriptor 3 inside. */
  readonly pipe: Duplex | null
  /** Whether the program was let go. Resolves once. */
  readonly entered: Promise<boolean>
  /** Resolves once everything in it is gone. */
  readonly ended: Promise<BoxEnd>
  /** Whether the kernel ended something in it for want of memory. */
  ranOutOfMemory(): boolean
  /** SIGKILL to all of it; nothing survives. */
  kill(): void
}

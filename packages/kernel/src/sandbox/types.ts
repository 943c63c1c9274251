import type { Duplex, Readable, Writable } from 'node:stream'
import type { Isolation } from '@life-os/contract'

export interface SpawnPluginOptions {
  /** The built runtime, `…/sdk/runtime.js`; its folder is readable inside. */
  runtime: string
  /** The plugin's built folder, readable inside and its working directory. */
  folder: string
  /** The bundle inside that folder. */
  entry: string
  /** MiB of JavaScript heap; the process as a whole gets what Node needs beside it. */
  memory: number
  /** Processes and threads; default 64. */
  pids?: number
  /** Part of one core, where cgroups hold; default 1. */
  cpu?: number
}

/** A plugin's process. The only way in and out is `pipe`; what it prints is there to be shown. */
export interface PluginProcess {
  readonly pid: number | undefined
  readonly pipe: Duplex
  readonly stdout: Readable
  readonly stderr: Readable
  /** Resolves once, also when the process could not be started (`error`). */
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null; error?: Error }>
  /** SIGKILL to everything in its box; nothing survives. */
  kill(): void
}
export type SpawnPlugin = (options: SpawnPluginOptions) => PluginProcess

/** One command in a one-shot box. Nothing is inherited: no environment, no descriptor, no network. */
export interface ExecRequest {
  /** A name found on the box's PATH (`/usr/bin:/bin`), or an absolute path inside it. */
  program: string
  args: readonly string[]
  /** Inside the box; must be mounted, or below `/work`, the empty scratch folder that every box has. */
  cwd: string
  /** What of this machine it sees: `from` outside, `to` inside. Missing or unreadable `from`: `mount-missing`. */
  mounts: readonly { from: string; to: string; access: 'read' | 'write' }[]
  env: Readonly<Record<string, string>>
  stdin: Uint8Array | null
  /** A Unix socket of the host's filtering proxy. Inside, plain HTTP proxying answers on 127.0.0.1:`port`. Null: no network. */
  proxy: { socket: string; port: number } | null
  limits: ExecLimits
  onOutput?(stream: 'stdout' | 'stderr', chunk: Uint8Array): void
}
export interface ExecLimits {
  /** Milliseconds of wall clock. */
  time: number
  /** MiB. */
  memory: number
  /** Processes and threads. */
  pids: number
  /** Seconds of CPU; default `time`. */
  cpu?: number
  /** Bytes kept of each stream; more ends the command with `cut: output` once it is four times as much. */
  output: number
  /** MiB a single file may grow to, and MiB of the scratch folder; default 256. */
  fileSize?: number
}
export interface ExecOutcome {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: Uint8Array
  stderr: Uint8Array
  cut: 'time' | 'memory' | 'output' | 'cancelled' | null
  /** Milliseconds. */
  duration: number
}

/** A program that is spoken with for as long as it lives, in a box like a command's. */
export interface ServeRequest extends Pick<ExecRequest, 'program' | 'args' | 'cwd' | 'mounts' | 'env' | 'proxy'> {
  limits: Pick<ExecLimits, 'memory' | 'pids' | 'fileSize'>
}
export interface ServedProcess {
  readonly pid: number | undefined
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** Whether the program itself was reached. Resolves once. */
  readonly entered: Promise<boolean>
  /** Resolves once everything in the box is gone. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; error?: Error }>
  ranOutOfMemory(): boolean
  /** SIGKILL to everything in it; nothing survives. */
  kill(): void
}

/**
 * Starts plugins and commands with no power of their own. Made once a server; `createSandbox` probes what this machine can
 * do. Where it cannot, `spawnPlugin` falls back to Node's permissions and `exec` rejects with `sandbox-missing` unless the
 * call says that a person approved it without.
 */
export interface Sandbox extends AsyncDisposable {
  readonly isolation: Isolation
  readonly spawnPlugin: SpawnPlugin
  /**
   * Errors: `sandbox-missing`, `program-missing`, `mount-missing`, `box-failed`. `unsandboxed`: a person approved this very
   * command to run without a box; only looked at where `isolation.level` is not `bubblewrap`.
   */
  exec(request: ExecRequest, signal: AbortSignal, options?: { unsandboxed?: boolean }): Promise<ExecOutcome>
  /** Never without a box. Errors: `sandbox-missing`, `program-missing`, `mount-missing`, `box-failed`. */
  serve(request: ServeRequest): ServedProcess
  /** Whether files of this machine can be mounted for writing as they are, or must be staged: the box's uid is another than their owner's. */
  readonly ownsFiles: boolean
  /** The uid and gid of boxes, for staging; null where boxes keep the server's own. */
  readonly identity: { uid: number; gid: number } | null
}

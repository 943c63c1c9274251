import type { HostV1 } from '../host.ts'

export interface HostClientOptions {
  /** Asks one host service; rejects with the host's error. */
  ask(service: string, args: unknown[]): Promise<unknown>
  log: HostV1['log']
  progress: HostV1['progress']
  signal: AbortSignal
  key: string
  phase: 'preview' | 'run'
}

const FS = ['stat', 'list', 'read', 'readText', 'hash', 'sniff', 'usage', 'write', 'append', 'writeBlob', 'makeFolder', 'move', 'copy', 'remove'] as const
const NET = ['fetch', 'download'] as const
const BLOBS = ['put', 'get'] as const
const CLOCK = ['now'] as const
const RANDOM = ['uuid', 'bytes'] as const

/** Names of all host services, as they cross the pipe. */
export const HOST_SERVICES: readonly string[] = [
  ...FS.map((name) => `fs.${name}`),
  ...NET.map((name) => `net.${name}`),
  ...BLOBS.map((name) => `blobs.${name}`),
  ...CLOCK.map((name) => `clock.${name}`),
  ...RANDOM.map((name) => `random.${name}`),
]

/** The host of one tool call: frozen, its methods sent to the host by dotted name. */
export function createHostClient({ ask, log, progress, signal, key, phase }: HostClientOptions): HostV1 {
  function services<Name extends string>(area: string, names: readonly Name[]): Record<Name, (...args: unknown[]) => Promise<unknown>> {
    const made = Object.fromEntries(names.map((name) => [name, (...args: unknown[]) => ask(`${area}.${name}`, withoutTail(args))]))
    return Object.freeze(made) as Record<Name, (...args: unknown[]) => Promise<unknown>> // made from these names
  }
  const host = {
    version: 1,
    fs: services('fs', FS),
    net: services('net', NET),
    blobs: services('blobs', BLOBS),
    clock: services('clock', CLOCK),
    random: services('random', RANDOM),
    log,
    progress,
    signal,
    key,
    phase,
  } as const
  return Object.freeze(host) as unknown as HostV1 // answers are typed by HostV1 and checked by the host that gives them
}

/** `undefined` at the end means "left out", which JSON would turn into null. */
function withoutTail(args: unknown[]): unknown[] {
  let length = args.length
  while (length > 0 && args[length - 1] === undefined) length--
  return args.slice(0, length)
}

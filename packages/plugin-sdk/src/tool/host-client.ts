import type { HostV1 } from '../host.ts'

export interface HostClientOptions {
  /** Asks one host service; rejects with the host's error. */
  ask(service: string, args: unknown[]): Promise<unknown>
  log: HostV1['log']
  progress: HostV1['progress']
  /** Read when the tool asks for it. */
  readonly signal: AbortSignal
  key: string
  phase: 'preview' | 'run'
}

const FS = [
  'stat',
  'list',
  'read',
  'readText',
  'hash',
  'sniff',
  'usage',
  'write',
  'append',
  'writeBlob',
  'makeFolder',
  'move',
  'copy',
  'remove',
  'watch',
] as const
const NET = ['fetch', 'download'] as const
const EXEC = ['run', 'view', 'compute'] as const
const SECRETS = ['read'] as const
const SETTINGS = ['get'] as const
const BLOBS = ['put', 'get'] as const
const MODELS = ['generate', 'embed'] as const
const BROWSER = ['open', 'snapshot', 'screenshot', 'pdf', 'extract', 'fill', 'act', 'close', 'saveSession'] as const
const CLOCK = ['now'] as const
const RANDOM = ['uuid', 'bytes'] as const

/** Names of all host services, as they cross the pipe. */
export const HOST_SERVICES: readonly string[] = [
  ...FS.map((name) => `fs.${name}`),
  ...NET.map((name) => `net.${name}`),
  ...EXEC.map((name) => `exec.${name}`),
  ...SECRETS.map((name) => `secrets.${name}`),
  ...SETTINGS.map((name) => `settings.${name}`),
  'gate.request',
  ...BLOBS.map((name) => `blobs.${name}`),
  ...MODELS.map((name) => `models.${name}`),
  ...BROWSER.map((name) => `browser.${name}`),
  ...CLOCK.map((name) => `clock.${name}`),
  ...RANDOM.map((name) => `random.${name}`),
]

type Services = Record<string, (...args: unknown[]) => Promise<unknown>>

/** The host of one tool call: frozen, its methods sent to the host by dotted name. Parts are made when they are first used. */
export function createHostClient(options: HostClientOptions): HostV1 {
  function area(name: string, methods: readonly string[]): () => Services {
    let made: Services | undefined
    const make = () =>
      Object.freeze(
        Object.fromEntries(methods.map((method) => [method, (...args: unknown[]) => options.ask(`${name}.${method}`, withoutTail(args))])),
      )
    return () => (made ??= make())
  }
  const [fs, net, exec, secrets, settings, blobs, clock, random] = [
    area('fs', FS),
    area('net', NET),
    area('exec', EXEC),
    area('secrets', SECRETS),
    area('settings', SETTINGS),
    area('blobs', BLOBS),
    area('clock', CLOCK),
    area('random', RANDOM),
  ]
  const browser = area('browser', BROWSER)
  const models = area('models', MODELS)
  const { log, progress, key, phase } = options
  const host = {
    version: 1 as const,
    get fs() {
      return fs()
    },
    get net() {
      return net()
    },
    get exec() {
      return exec()
    },
    get secrets() {
      return secrets()
    },
    get settings() {
      return settings()
    },
    request: async (needs: unknown) => void (await options.ask('gate.request', [needs])),
    get blobs() {
      return blobs()
    },
    get models() {
      return models()
    },
    get browser() {
      return browser()
    },
    get clock() {
      return clock()
    },
    get random() {
      return random()
    },
    log,
    progress,
    get signal() {
      return options.signal
    },
    key,
    phase,
  }
  return Object.freeze(host) as unknown as HostV1 // answers are typed by HostV1 and checked by the host that gives them
}

/** `undefined` at the end means "left out", which JSON would turn into null. */
function withoutTail(args: unknown[]): unknown[] {
  let length = args.length
  while (length > 0 && args[length - 1] === undefined) length--
  return args.slice(0, length)
}

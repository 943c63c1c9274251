import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { LifeOsError } from '@life-os/contract'
import type { Isolation } from '@life-os/contract'
import { createLogger } from '@life-os/kernel/telemetry'
import type { createApp } from './http/app.ts'
import { createAllowedHosts } from './http/hosts.ts'
import type { Kernel } from './kernel.ts'
import { listenTcp } from './listen.ts'
import type { Listener } from './listen.ts'
import { openBrowser } from './open.ts'
import { ownInProcess } from './own.ts'
import { DEFAULT_PORT, WEB } from './places.ts'
import { forgetAddress, noteAddress } from './address.ts'
import { whoIsOn } from './running.ts'

export interface StartOptions {
  home: string
  pluginsDir: string
  url?: string
  port?: number
  /** Default 127.0.0.1. Anything beyond this machine needs `listen` and a passphrase. */
  host?: string
  listen?: boolean
  /** Further names this server is asked for by. */
  allowHosts?: string[]
  webRoot?: string
  open?: boolean
  print?(line: string): void
}
export interface Started extends AsyncDisposable {
  kernel: Kernel
  address: string
  /** Signs the owner in once. */
  link: string
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1'])

/** Starts the server: owns the folder, serves TCP and the owner's socket, goes on with what a crash interrupted. */
export async function startServer(options: StartOptions): Promise<Started> {
  const { home, port = DEFAULT_PORT, host = '127.0.0.1', print = console.log } = options
  const beyond = !LOOPBACK.has(host)
  if (beyond && !options.listen)
    throw new LifeOsError(
      'listen-refused',
      `Listening on ${host} lets other machines reach Life-OS. Add --listen if that is what you want.`,
    )
  mkdirSync(join(home, 'logs'), { recursive: true, mode: 0o700 })
  const logger = createLogger({ file: join(home, 'logs', 'server.log') })
  await using stack = new AsyncDisposableStack()
  const app = Promise.withResolvers<ReturnType<typeof createApp>>()
  app.promise.catch(() => {}) // told by what failed; requests that came early see it too
  let bound = port
  const webRoot = options.webRoot ?? WEB
  const owned = stack.use(
    await ownInProcess({
      home,
      pluginsDir: options.pluginsDir,
      logger,
      ...(options.url !== undefined && { url: options.url }),
      app: { hosts: createAllowedHosts(() => bound, options.allowHosts), ...(existsSync(webRoot) && { webRoot }) },
    }),
  )
  const { kernel } = owned
  if (beyond && !(await kernel.auth.hasPassphrase())) {
    throw new LifeOsError(
      'listen-refused',
      'Set a passphrase in Settings first: without one nobody could be told from the owner. Then listen beyond this machine.',
    )
  }
  const listener = stack.use(await listenHere(app.promise, host, port, home))
  stack.defer(() => owned.endStreams()) // before the listener is closed
  bound = listener.port
  app.resolve(owned.app)
  const address = `http://${host.includes(':') ? `[${host}]` : host}:${bound}`
  noteAddress(home, address)
  stack.defer(() => forgetAddress(home))
  const link = `${address}/sign-in?link=${await kernel.auth.link((await kernel.auth.owner()).id)}`
  const recovered = await kernel.runs.recover()
  await kernel.threads.reconcile()
  if (recovered > 0) print(`Going on with ${recovered} interrupted ${recovered === 1 ? 'run' : 'runs'}.`)
  for (const line of isolationWords(kernel.sandbox.isolation)) print(line)
  logger.info({ address, recovered, ms: Date.now() - kernel.startedAt }, 'ready')
  if (options.open) openBrowser(link)
  const running = stack.move()
  return { kernel, address, link, [Symbol.asyncDispose]: () => running.disposeAsync() }
}

/** What a person is told at the start where plugins are not shut in boxes; nothing is installed for them. */
export function isolationWords({ level, reason, mend }: Isolation): string[] {
  if (level === 'bubblewrap') return []
  const words = `Plugins have only Node's permissions here, and commands are refused unless you approve each one: ${reason ?? 'no reason known'}.`
  return mend === null ? [words] : [words, `  To shut them in boxes: ${mend}`]
}

async function listenHere(app: Promise<ReturnType<typeof createApp>>, host: string, port: number, home: string): Promise<Listener> {
  try {
    return await listenTcp(app, host, port)
  } catch (error) {
    if (!(error instanceof LifeOsError) || error.code !== 'port-taken') throw error
    const who = await whoIsOn(port, home)
    const by = who === 'foreign' || who === 'nothing' ? 'another program' : 'another Life-OS, on another folder'
    throw new LifeOsError('port-taken', `Port ${port} is taken by ${by}. Start with another one: --port ${port + 1}`, {
      class: 'operational',
      cause: error,
    })
  }
}

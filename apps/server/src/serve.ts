import module from 'node:module'
import { LifeOsError } from '@life-os/contract'
import { askOwner } from './ask-owner.ts'
import { startInBackground } from './background.ts'
import { openBrowser } from './open.ts'
import { BUILD, databaseFrom, DEFAULT_PORT, homeFrom } from './places.ts'
import { startServer } from './start.ts'
import type { Started } from './start.ts'

export interface ServeOptions {
  port?: number
  host?: string
  listen?: boolean
  open?: boolean
  background?: boolean
  allowHosts?: string[]
}

/** Starts Life-OS for a person at a terminal, or points at the one that runs. 0 when there is nothing left to do here. */
export async function serve(options: ServeOptions, environment: NodeJS.ProcessEnv = process.env): Promise<number | undefined> {
  const home = homeFrom(environment)
  const running = await askOwner(home)
  if (running) return pointAt('Life-OS is already running', running, options)
  if (options.background) return pointAt('Life-OS runs in the background', await startInBackground(home, argumentsOf(options)), options)
  const url = databaseFrom(environment)
  try {
    const started = await startServer({ home, pluginsDir: BUILD, ...options, ...(url !== undefined && { url }) })
    await greet(started, home)
    endOnSignal(started)
    module.flushCompileCache?.()
    return undefined
  } catch (error) {
    if (!(error instanceof LifeOsError) || error.code !== 'home-owned') throw error
    const other = await askOwner(home) // it may have started a moment ago
    if (other) return pointAt('Life-OS is already running', other, options)
    throw error
  }
}

function pointAt(what: string, { address, link }: { address: string; link: string }, { open }: ServeOptions): number {
  console.log(`${what}: ${address}`)
  console.log(`Sign in (once, within 30 minutes): ${link}`)
  if (open) openBrowser(link)
  return 0
}

async function greet({ address, link, kernel }: Started, home: string): Promise<void> {
  console.log(`Life-OS is ready: ${address}`)
  console.log(`Data: ${home}`)
  const signedIn = await kernel.store.db
    .selectFrom('sessions')
    .select('hash')
    .where('expires_at', '>', Date.now())
    .limit(1)
    .executeTakeFirst()
  if (!signedIn) console.log(`Sign in (once, within 30 minutes): ${link}`)
  console.log('Ctrl-C stops it; what runs goes on at the next start.')
}

/** The first signal ends in order, the second at once. */
function endOnSignal(started: Started): void {
  let ending = false
  const end = () => {
    if (ending) process.exit(130)
    ending = true
    console.log('Stopping …')
    void started[Symbol.asyncDispose]().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error instanceof Error ? error.message : String(error))
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end)
}

function argumentsOf({ port = DEFAULT_PORT, host, listen, allowHosts = [] }: ServeOptions): string[] {
  return [
    '--port',
    String(port),
    ...(host === undefined ? [] : ['--host', host]),
    ...(listen ? ['--listen'] : []),
    ...allowHosts.flatMap((name) => ['--allow-host', name]),
  ]
}

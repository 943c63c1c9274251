import { LifeOsError } from '@life-os/contract'
import { ownHome, socketPath } from '@life-os/kernel/store'
import { createLogger } from '@life-os/kernel/telemetry'
import type { Logger } from '@life-os/kernel/telemetry'
import { composeKernel } from './compose.ts'
import type { ComposeOptions } from './compose.ts'
import { createApp } from './http/app.ts'
import type { AppOptions } from './http/app.ts'
import { createAllowedHosts } from './http/hosts.ts'
import type { Kernel } from './kernel.ts'
import { listenSocket } from './listen.ts'

export interface Owned extends AsyncDisposable {
  kernel: Kernel
  app: ReturnType<typeof createApp>
  /** Ends open event streams, so that their connections can be closed in order. */
  endStreams(): void
}
export interface OwnOptions extends Omit<ComposeOptions, 'logger'> {
  logger?: Logger
  app?: Partial<Omit<AppOptions, 'signal'>>
}

/**
 * Owns the folder in this process: the kernel over it, and the API on the owner's socket for everyone else on this
 * folder. Errors: `home-owned` when another process does, and what opening the store says.
 */
export async function ownInProcess({ logger = createLogger({ level: 'warn' }), app: appOptions, ...options }: OwnOptions): Promise<Owned> {
  await using stack = new AsyncDisposableStack()
  const ownership = await ownHome(options.home)
  if ('busy' in ownership)
    throw new LifeOsError('home-owned', `Another Life-OS works on ${options.home}. Wait for it, or stop it first.`, {
      class: 'operational',
      applied: 'no',
    })
  stack.use(ownership.owner)
  const kernel = await composeKernel({ ...options, logger })
  stack.defer(() => kernel.close())
  const ending = new AbortController()
  const app = createApp(kernel, { hosts: createAllowedHosts(() => 0), ...appOptions, signal: ending.signal })
  stack.use(await listenSocket(Promise.resolve(app), socketPath(options.home)))
  stack.defer(() => ending.abort())
  const owned = stack.move()
  return { kernel, app, endStreams: () => ending.abort(), [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

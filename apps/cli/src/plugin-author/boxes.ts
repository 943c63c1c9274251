import { createSandbox } from '@life-os/kernel/sandbox'
import { createBoxedPlugins } from '@life-os/kernel/trial'
import type { BoxedPlugins } from '@life-os/kernel/trial'
import { BUILD } from '@life-os/server/places'
import type { Session } from '../session.ts'
import { BUNDLER } from './places.ts'

/** Runs plugins' code away from this process; says so where this machine has no boxes. */
export async function openBoxes({ io }: Pick<Session, 'io'>, onLine?: (line: string) => void): Promise<BoxedPlugins> {
  await using stack = new AsyncDisposableStack()
  const sandbox = stack.use(await createSandbox())
  const { level, reason, mend } = sandbox.isolation
  if (level !== 'bubblewrap')
    io.note(`No boxes on this machine: ${reason}. The plugin runs with Node's permissions alone.${mend === null ? '' : ` ${mend}`}`)
  const boxes = stack.use(
    await createBoxedPlugins({ build: BUILD, spawn: sandbox.spawnPlugin, bundle: BUNDLER, ...(onLine && { onLine }) }),
  )
  const owned = stack.move()
  return { open: boxes.open, probe: boxes.probe, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

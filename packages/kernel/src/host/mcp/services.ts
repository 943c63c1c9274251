import { LifeOsError } from '@life-os/contract'
import { admitFolder, admitNetwork, admitProgram, OF_THE_BOX } from '../exec/admit.ts'
import type { Mount } from '../exec/admit.ts'
import { finish, prepare } from '../exec/box.ts'
import { boxOf } from '../exec/context.ts'
import type { ExecContext } from '../exec/context.ts'
import type { Handlers } from '../fs/services.ts'
import { fault } from '../paths/faults.ts'
import { checkEffect } from '../paths/scope.ts'
import { RECORDING_ENDED } from '../types.ts'
import type { McpAsk, McpDoor } from './types.ts'

/**
 * `mcp.call`: a call of a server that a person set up, announced with what it asks and all that the server may touch. What
 * only reads really happens, also in a preview; anything else ends the recording. Functions do not travel from plugins'
 * processes, so that none can make this call.
 */
export function createMcpServices(context: ExecContext): Handlers {
  return {
    'mcp.call': async ([ask, door], signal) => {
      if (!isAsk(ask) || !isDoor(door) || ask.plugin !== context.scope.plugin || !ask.plugin.startsWith('mcp-'))
        throw fault('service-unknown', 'Plugins call servers by their tools, not by the host.')
      const mounts = await admit(context, ask)
      if (ask.effect === 'read') return make(context, ask, door, mounts, signal)
      checkEffect(context.scope, 'external', 'mcp.call')
      if ('recording' in context.outgoing) {
        context.outgoing.recording.changes.push(ask.change)
        throw fault(RECORDING_ENDED, 'What the server will answer is known only after it was asked.')
      }
      return perform(context, ask, door, mounts, signal)
    },
  }
}

const isAsk = (given: unknown): given is McpAsk => typeof given === 'object' && given !== null && 'plugin' in given
const isDoor = (given: unknown): given is McpDoor =>
  typeof given === 'object' && given !== null && 'call' in given && typeof given.call === 'function'

/** What a call's grants let the server see: folders as a command's, and each place of its network. */
async function admit(context: ExecContext, ask: McpAsk): Promise<Mount[]> {
  if (ask.transport === 'http') {
    admitNetwork(context, ask.network)
    return []
  }
  boxOf(context)
  admitProgram(context.scope, ask.plugin)
  admitNetwork(context, ask.network)
  const mounts: Mount[] = []
  for (const { path, access } of ask.mounts) mounts.push(await admitFolder(context, path, access, { taken: TAKEN }))
  return mounts.toSorted((a, b) => a.to.length - b.to.length)
}
/** A server's scratch folder lies around what is mounted below it. */
const TAKEN = OF_THE_BOX.filter((place) => place !== '/work')

async function make(context: ExecContext, ask: McpAsk, door: McpDoor, mounts: readonly Mount[], signal: AbortSignal): Promise<unknown> {
  signal.throwIfAborted()
  if (ask.transport === 'http' || (door.live() && !context.predicted())) return door.call(null, signal)
  await using prepared = await prepare(context, boxOf(context), mounts, signal)
  const answer = await door.call({ mounts: prepared.mounts, once: prepared.staged.length > 0 }, signal)
  await finish(context, prepared, signal)
  return answer
}

async function perform(context: ExecContext, ask: McpAsk, door: McpDoor, mounts: readonly Mount[], signal: AbortSignal): Promise<unknown> {
  if ('recording' in context.outgoing) throw new Error('a preview performs nothing')
  const { sink } = context.outgoing
  signal.throwIfAborted()
  const effect = await sink.begin(ask.change, {})
  try {
    const answer = await make(context, ask, door, mounts, signal)
    await sink.finish(effect, {}, undefined, answer)
    return answer
  } catch (error) {
    if (error instanceof LifeOsError && error.applied === 'no') await sink.abandon(effect)
    throw error
  }
}

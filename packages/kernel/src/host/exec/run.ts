import { LifeOsError } from '@life-os/contract'
import type { CommandResult } from '@life-os/plugin-sdk'
import type { Sandbox } from '../../sandbox/types.ts'
import type { ChangeOf } from '../fs/changes.ts'
import { fault } from '../paths/faults.ts'
import { checkEffect } from '../paths/scope.ts'
import { RECORDING_ENDED } from '../types.ts'
import { admitAuth, admitMounts, admitNetwork, admitProgram, workingFolder } from './admit.ts'
import type { Mount } from './admit.ts'
import type { RunCommand } from './arguments.ts'
import { finish, prepare, runBox } from './box.ts'
import { commandChange } from './change.ts'
import { sandboxOf } from './context.ts'
import type { ExecContext } from './context.ts'
import { resultOf } from './output.ts'
import { showsOf } from './shows.ts'

interface Admitted {
  command: RunCommand
  mounts: Mount[]
  cwd: string
  network: string[]
  change: ChangeOf<'command-run'>
}

/** `exec.run`: announced with all it may touch, never made in a preview. */
export async function runCommand(context: ExecContext, command: RunCommand, signal: AbortSignal): Promise<CommandResult> {
  checkEffect(context.scope, 'external', 'exec.run')
  const sandbox = sandboxOf(context)
  const admitted = await admit(context, sandbox, command)
  if (!('recording' in context.outgoing)) return perform(context, sandbox, admitted, signal)
  const shows = command.shows && (await showsOf(context, sandbox, { ...admitted, shows: command.shows }, signal))
  context.outgoing.recording.changes.push({ ...admitted.change, ...(shows && { shows }) })
  throw fault(RECORDING_ENDED, 'What a command answers is known only after it has run.')
}

async function admit(context: ExecContext, sandbox: Sandbox, command: RunCommand): Promise<Admitted> {
  const { scope } = context
  admitProgram(scope, command.program)
  if (command.shows) admitProgram(scope, command.shows.program)
  const mounts = await admitMounts(context, command.mounts, 'write')
  const network = admitNetwork(context, command.network ?? [])
  const secrets = admitAuth(scope, command.auth, network)
  const cwd = workingFolder(command.cwd, mounts, '/work')
  const sandboxed = sandbox.isolation.level === 'bubblewrap'
  const reversal = scope.reversal === 'compensate' ? 'compensate' : 'none'
  return { command, mounts, cwd, network, change: commandChange({ command, mounts, cwd, network, secrets, sandboxed, reversal }) }
}

/** The sandbox says these before anything has run. */
const NOT_RUN = new Set(['sandbox-missing', 'program-missing', 'mount-missing', 'box-failed'])

async function perform(context: ExecContext, sandbox: Sandbox, admitted: Admitted, signal: AbortSignal): Promise<CommandResult> {
  if ('recording' in context.outgoing) throw new Error('a preview performs nothing')
  const { sink } = context.outgoing
  const { command, mounts, cwd, network, change } = admitted
  signal.throwIfAborted()
  const effect = await sink.begin(change, {})
  let started = false
  try {
    const unsandboxed = !change.sandboxed
    await using prepared = unsandboxed ? null : await prepare(context, sandbox, mounts, signal)
    const boxMounts = prepared?.mounts ?? mounts.map(({ real, to, access }) => ({ from: real, to, access }))
    signal.throwIfAborted()
    started = true
    const box = { command, mounts: boxMounts, cwd, network, live: true, unsandboxed }
    const outcome = await runBox(context, sandbox, prepared?.stage ?? null, box, signal)
    const result = resultOf(outcome, context.secrets.redactor, signal)
    if (prepared) await finish(context, prepared, signal)
    await sink.finish(effect, {}, undefined, result)
    return result
  } catch (error) {
    const never = !started || (error instanceof LifeOsError && NOT_RUN.has(error.code))
    if (never) await sink.abandon(effect)
    throw never ? error : afterStart(error)
  }
}

/** Once it ran, nobody can tell what it did before it was ended. */
function afterStart(error: unknown): unknown {
  if (!(error instanceof LifeOsError)) return error
  const { code, message, details } = error
  return new LifeOsError(code, message, { class: error.class, applied: 'unknown', cause: error, ...(details && { details }) })
}

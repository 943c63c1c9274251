import { LifeOsError } from '@life-os/contract'
import type { Sandbox } from '../../sandbox/types.ts'
import type { Mount } from './admit.ts'
import type { RunCommand } from './arguments.ts'
import { prepare, runBox } from './box.ts'
import { lineOf } from './change.ts'
import type { ExecContext } from './context.ts'
import { textOf } from './output.ts'

const TIME = 10_000
const OUTPUT = 64 * 1024

export interface Shown {
  command: string
  text: string
}

/** Runs a command's companion with everything read-only and no network. A failure is shown, it does not stop the preview. */
export async function showsOf(
  context: ExecContext,
  sandbox: Sandbox,
  of: { command: RunCommand; mounts: readonly Mount[]; cwd: string; shows: NonNullable<RunCommand['shows']> },
  signal: AbortSignal,
): Promise<Shown> {
  const command = lineOf(of.shows.program, of.shows.args)
  if (sandbox.isolation.level !== 'bubblewrap') return { command, text: 'Not shown: this machine has no sandbox to look with.' }
  try {
    const mounts = of.mounts.map((mount): Mount => ({ ...mount, access: 'read' }))
    await using prepared = await prepare(context, sandbox, mounts, signal)
    const outcome = await runBox(
      context,
      sandbox,
      prepared.stage,
      {
        command: { ...of.shows, env: of.command.env, limits: { time: TIME, output: OUTPUT } },
        mounts: prepared.mounts,
        cwd: of.cwd,
        network: [],
        live: false,
        unsandboxed: false,
      },
      signal,
    )
    const text = textOf(outcome.stdout.length > 0 ? outcome.stdout : outcome.stderr, context.secrets.redactor)
    return { command, text: outcome.cut === null ? text : `${text}\n(cut off: ${outcome.cut})` }
  } catch (error) {
    signal.throwIfAborted()
    return { command, text: `Not shown: ${error instanceof LifeOsError ? error.message : 'the command could not be run'}` }
  }
}

import type { Handlers } from '../fs/services.ts'
import { parseCommand } from './arguments.ts'
import { computeCommand } from './compute.ts'
import type { ExecContext } from './context.ts'
import { runCommand } from './run.ts'
import { viewCommand } from './view.ts'
import type { Ordinals } from './view.ts'

/** `exec.*`: commands in boxes of their own, with what was allowed for this call and no more. */
export function createExecServices(context: ExecContext): Handlers {
  const ordinals: Ordinals = new Map()
  return {
    'exec.run': (args, signal) => runCommand(context, parseCommand('exec.run', args), signal),
    'exec.view': (args, signal) => viewCommand(context, ordinals, parseCommand('exec.view', args), signal),
    'exec.compute': (args, signal) => computeCommand(context, parseCommand('exec.compute', args), signal),
  }
}

import { crashed } from '../record/conclude.ts'
import type { RunsContext } from '../context.ts'
import { interpret } from '../interpreter/interpreter.ts'
import type { LiveRun } from '../live.ts'
import type { Outcome } from '../interpreter/outcome.ts'
import type { Frame, World } from '../interpreter/world.ts'

function frameOf(live: LiveRun, signal: AbortSignal): Frame {
  return { path: '', labels: live.options.labels ?? [], budget: live.budget, signal, depth: 0, possible: false }
}

/** Interprets a run in hand in the given world. What the interpreter itself gets wrong becomes a failure of the run. */
export async function walk(context: RunsContext, live: LiveRun, world: World, signal: AbortSignal): Promise<Outcome> {
  const given = JSON.parse(live.row.inputs_json) as Record<string, unknown> // parseInputs made it
  const inputs = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, { value, labels: live.options.labels ?? [] }]))
  try {
    return await interpret(live.frozen.plan, inputs, world, frameOf(live, signal))
  } catch (error) {
    context.deps.logger.error({ run: live.id, error: String(error) }, 'the interpreter failed')
    return crashed('', error)
  }
}

import type { Kernel } from '../kernel.ts'
import { guarded } from './context.ts'
import { checkReader } from './readers.ts'

const MOST_FOUND = 50

export function plannerRouter({ planner, readers }: Kernel) {
  const area = guarded.planner
  return {
    propose: area.propose.handler(({ input, context, signal }) => planner.propose(input, context.identity.actor, signal)),
    replan: area.replan.handler(async ({ input, context, signal }) => {
      await checkReader(readers, input.run, context.identity)
      return planner.replan(input.run, input.hint, context.identity.actor, signal)
    }),
    tools: area.tools.handler(({ input, context }) =>
      planner.findTools(input.q, undefined, Math.min(input.limit, MOST_FOUND), { person: context.identity.actor.id, labels: [] }),
    ),
    intents: area.intents.handler(() => planner.intents()),
  }
}

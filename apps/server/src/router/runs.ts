import type { Kernel } from '../kernel.ts'
import { guarded } from './context.ts'
import { mayAllow } from './gate.ts'

export function runsRouter({ gate, runs, mermaid }: Kernel) {
  const area = guarded.runs
  return {
    list: area.list.handler(({ input }) => runs.list(input)),
    get: area.get.handler(({ input }) => runs.get(input.id)),
    plan: area.plan.handler(async ({ input }) => {
      const plan = await runs.plan(input.id)
      return { plan, mermaid: mermaid(plan) }
    }),
    steps: area.steps.handler(({ input: { id, ...query } }) => runs.steps(id, query)),
    journal: area.journal.handler(({ input }) => runs.journal(input.id, input.after, input.limit)),
    effects: area.effects.handler(({ input: { id, ...query } }) => runs.effects(id, query)),
    changes: area.changes.handler(({ input: { id, ...query } }) => runs.changes(id, query)),
    outputs: area.outputs.handler(async ({ input }) => ({ outputs: await runs.outputs(input.id) })),
    preview: area.preview.handler(({ input, context }) => {
      mayAllow(gate, context.identity, input.allow)
      return runs.preview(input, context.identity.actor)
    }),
    start: area.start.handler(({ input, context }) => {
      mayAllow(gate, context.identity, input.allow)
      return runs.start(input, context.identity.actor)
    }),
    cancel: area.cancel.handler(({ input, context }) => runs.cancel(input.id, context.identity.actor)),
    pause: area.pause.handler(({ input, context }) => runs.pause(input.id, context.identity.actor)),
    resume: area.resume.handler(({ input, context }) => runs.resume(input.id, context.identity.actor)),
    retry: area.retry.handler(({ input, context }) => runs.retry(input.id, input.step, context.identity.actor)),
    undoPreview: area.undoPreview.handler(({ input: { id, ...options }, context }) =>
      runs.undoPreview(id, options, context.identity.actor),
    ),
    undo: area.undo.handler(async ({ input: { id, yes, ...options }, context }) => {
      if (yes) return runs.undo(id, options, context.identity.actor)
      return (await runs.undoPreview(id, options, context.identity.actor)).run
    }),
    stopAll: area.stopAll.handler(({ context }) => runs.stopAll(context.identity.actor)),
    liftStop: area.liftStop.handler(async ({ context }) => {
      await runs.liftStop(context.identity.actor)
      return { ok: true as const }
    }),
  }
}

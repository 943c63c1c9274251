import type { Identity } from '@life-os/kernel/auth'
import type { Kernel } from '../kernel.ts'
import { authorise, guarded } from './context.ts'
import { mayAllow } from './gate.ts'
import { checkReader } from './readers.ts'

export function runsRouter({ gate, runs, readers, mermaid }: Kernel) {
  const area = guarded.runs
  /** The run's id, where the caller may know of it. */
  const known = async ({ id }: { id: string }, { identity }: { identity: Identity }): Promise<string> => {
    await checkReader(readers, id, identity)
    return id
  }
  return {
    list: area.list.handler(({ input, context }) => runs.list({ ...input, reader: context.identity.person.id })),
    get: area.get.handler(async ({ input, context }) => runs.get(await known(input, context))),
    plan: area.plan.handler(async ({ input, context }) => {
      const plan = await runs.plan(await known(input, context))
      return { plan, mermaid: mermaid(plan) }
    }),
    steps: area.steps.handler(async ({ input: { id, ...query }, context }) => runs.steps(await known({ id }, context), query)),
    journal: area.journal.handler(async ({ input, context }) => runs.journal(await known(input, context), input.after, input.limit)),
    effects: area.effects.handler(async ({ input: { id, ...query }, context }) => runs.effects(await known({ id }, context), query)),
    changes: area.changes.handler(async ({ input: { id, ...query }, context }) => runs.changes(await known({ id }, context), query)),
    outputs: area.outputs.handler(async ({ input, context }) => ({ outputs: await runs.outputs(await known(input, context)) })),
    preview: area.preview.handler(({ input, context }) => {
      mayAllow(gate, context.identity, input.allow)
      return runs.preview(input, context.identity.actor)
    }),
    start: area.start.handler(({ input, context }) => {
      mayAllow(gate, context.identity, input.allow)
      return runs.start(input, context.identity.actor)
    }),
    cancel: area.cancel.handler(async ({ input, context }) => runs.cancel(await known(input, context), context.identity.actor)),
    pause: area.pause.handler(async ({ input, context }) => runs.pause(await known(input, context), context.identity.actor)),
    resume: area.resume.handler(async ({ input, context }) => {
      if (input.budget) authorise(context.identity, 'approve') // allowing it more is a decision like an answer
      return runs.resume(await known(input, context), context.identity.actor, input.budget)
    }),
    retry: area.retry.handler(async ({ input, context }) => runs.retry(await known(input, context), input.step, context.identity.actor)),
    undoPreview: area.undoPreview.handler(async ({ input: { id, ...options }, context }) =>
      runs.undoPreview(await known({ id }, context), options, context.identity.actor),
    ),
    undo: area.undo.handler(async ({ input: { id, yes, ...options }, context }) => {
      await known({ id }, context)
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

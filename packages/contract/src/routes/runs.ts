import { z } from 'zod'
import { PageQuery, pageOf } from '../common/page.ts'
import { Id } from '../common/values.ts'
import { EffectRecord } from '../changes/change.ts'
import { JournalEntry, RunState } from '../events/run-event.ts'
import { Budget } from '../plans/budget.ts'
import { Plan } from '../plans/plan.ts'
import { Preview, PreviewChange, Run, RunStep, StartRun, StartUndo } from '../runs/run.ts'
import { IdParam, base } from './base.ts'

const RunAndPreview = z.object({ run: Run, preview: Preview })

export const runs = {
  list: base
    .route({ method: 'GET', path: '/runs', summary: 'List runs, newest first' })
    .input(
      PageQuery.extend({
        state: z.union([RunState, z.array(RunState)]).optional(),
        plan: z.string().optional(),
        search: z.string().optional(),
      }),
    )
    .output(pageOf(Run)),
  get: base.route({ method: 'GET', path: '/runs/{id}', summary: 'One run' }).input(IdParam).output(Run),
  plan: base
    .route({ method: 'GET', path: '/runs/{id}/plan', summary: 'The frozen plan of a run' })
    .input(IdParam)
    .output(z.object({ plan: Plan, mermaid: z.string() })),
  steps: base
    .route({ method: 'GET', path: '/runs/{id}/steps', summary: 'Step instances of a run' })
    .input(IdParam.extend(PageQuery.shape))
    .output(pageOf(RunStep)),
  journal: base
    .route({ method: 'GET', path: '/runs/{id}/journal', summary: 'Journal entries after a number' })
    .input(IdParam.extend({ after: z.coerce.number().int().default(0), limit: z.coerce.number().int().max(1000).default(200) }))
    .output(z.object({ items: z.array(JournalEntry), next: z.int().nullable() })),
  effects: base
    .route({ method: 'GET', path: '/runs/{id}/effects', summary: 'Effect records of a run' })
    .input(IdParam.extend(PageQuery.shape))
    .output(pageOf(EffectRecord)),
  changes: base
    .route({ method: 'GET', path: '/runs/{id}/changes', summary: 'Previewed changes with what became of each' })
    .input(
      IdParam.extend(PageQuery.shape).extend({
        search: z.string().optional(),
        limit: z.coerce.number().int().min(1).max(10_000).default(1000),
      }),
    )
    .output(pageOf(PreviewChange.extend({ state: z.enum(['proposed', 'unticked', 'doing', 'done', 'failed', 'undone']) }))),
  outputs: base
    .route({ method: 'GET', path: '/runs/{id}/outputs', summary: 'Outputs of a finished run' })
    .input(IdParam)
    .output(z.object({ outputs: z.record(z.string(), z.unknown()).nullable() })),
  preview: base
    .route({
      method: 'POST',
      path: '/runs/preview',
      summary: 'Preview a plan: a run in state waiting with its approval; nothing else is written',
    })
    .input(StartRun)
    .output(RunAndPreview),
  start: base
    .route({ method: 'POST', path: '/runs', summary: 'Start a run. In draft it previews first and waits for the approval' })
    .input(StartRun)
    .output(Run),
  cancel: base.route({ method: 'POST', path: '/runs/{id}/cancel', summary: 'Cancel a run' }).input(IdParam).output(Run),
  pause: base
    .route({ method: 'POST', path: '/runs/{id}/pause', summary: 'Pause a run after the steps in flight' })
    .input(IdParam)
    .output(Run),
  resume: base
    .route({ method: 'POST', path: '/runs/{id}/resume', summary: 'Resume a paused, stopped or interrupted run' })
    /** `budget`: what a run that has stopped or is paused may spend from here on. Asks for the scope of approvals. */
    .input(IdParam.extend({ budget: Budget.optional() }))
    .output(Run),
  retry: base
    .route({ method: 'POST', path: '/runs/{id}/retry', summary: 'Go on from a failed step' })
    .input(IdParam.extend({ step: z.string().optional() }))
    .output(Run),
  undoPreview: base
    .route({ method: 'POST', path: '/runs/{id}/undo/preview', summary: 'Preview the undo of a run' })
    .input(IdParam.extend(StartUndo.shape))
    .output(RunAndPreview),
  undo: base
    .route({ method: 'POST', path: '/runs/{id}/undo', summary: 'Undo a run. Returns the undo run' })
    .input(IdParam.extend(StartUndo.shape).extend({ yes: z.boolean().default(true) }))
    .output(Run),
  stopAll: base
    .route({ method: 'POST', path: '/stop', summary: 'Emergency stop: no new effect until lifted' })
    .output(z.object({ stopped: z.int() })),
  liftStop: base.route({ method: 'DELETE', path: '/stop', summary: 'Lift the emergency stop' }).output(z.object({ ok: z.literal(true) })),
}
export const RunIds = z.array(Id)

import { z } from 'zod'
import { Id, Time } from '../common/values.ts'
import { LabelSource, Labels } from '../common/labels.ts'
import { ErrorShape } from '../errors/error.ts'
import { Change, ChangeTotals } from '../changes/change.ts'
import { Cost, Mode, RunState } from '../events/run-event.ts'
import { Budget } from '../plans/budget.ts'
import { Plan } from '../plans/plan.ts'

/** Who acts: a person, a token of theirs, a schedule, an agent, or the machine's owner at the command line. */
export const Actor = z.object({
  kind: z.enum(['person', 'token', 'schedule', 'agent', 'cli', 'system']),
  id: z.string(),
  name: z.string().optional(),
})
export type Actor = z.infer<typeof Actor>

/** One change of a preview, addressed by its step path and its number within that step: `sort[3].move#0`. */
export const PreviewChange = z.object({ id: z.string(), step: z.string(), change: Change, labels: Labels })
export type PreviewChange = z.infer<typeof PreviewChange>

/** A step of a preview as far as it could be known. `agent`: it decides as it goes, and each change is asked for then. */
export const PreviewStep = z.object({
  path: z.string(),
  state: z.enum(['known', 'unknown', 'possible', 'skipped', 'failed', 'asks', 'agent']),
  tool: z.string().optional(),
  note: z.string().optional(),
  error: ErrorShape.optional(),
})
export type PreviewStep = z.infer<typeof PreviewStep>

/** A permission the plan needs that nobody has decided yet. */
export const NeededPermission = z.object({ permission: z.string(), plugin: z.string(), step: z.string() })
export const PreviewWarning = z.object({ code: z.string(), message: z.string(), path: z.string().optional() })

export type NeededPermission = z.infer<typeof NeededPermission>
export type PreviewWarning = z.infer<typeof PreviewWarning>

export const PreviewSummary = z.object({
  totals: ChangeTotals,
  hash: z.string(),
  warnings: z.array(PreviewWarning),
  needs: z.array(NeededPermission),
  steps: z.object({ known: z.int(), unknown: z.int(), failed: z.int(), reads: z.int() }),
  budget: z.object({ enough: z.boolean(), message: z.string().optional() }),
  /** Why values in this preview are private or untrusted; at most 50. */
  labels: z.array(LabelSource).default([]),
  failed: ErrorShape.optional(),
})
export type PreviewSummary = z.infer<typeof PreviewSummary>

/** Everything a person needs to decide. The changes are paged through their own route when there are many. */
export const Preview = z.object({
  run: Id,
  summary: PreviewSummary,
  changes: z.array(PreviewChange),
  steps: z.array(PreviewStep),
})
export type Preview = z.infer<typeof Preview>

/** One execution of a plan. `kind: 'undo'` restores the effects of the run named by `of`. */
export const Run = z.object({
  id: Id,
  kind: z.enum(['run', 'undo']),
  of: Id.nullable(),
  /** The run and step that started this one: a plan that an agent started. */
  parent: z.object({ run: Id, step: z.string() }).nullable().default(null),
  plan: z.object({ id: z.string(), name: z.string(), version: z.string() }),
  inputs: z.record(z.string(), z.unknown()),
  mode: Mode,
  state: RunState,
  by: Actor,
  priority: z.int(),
  createdAt: Time,
  startedAt: Time.nullable(),
  finishedAt: Time.nullable(),
  error: ErrorShape.nullable(),
  errorPath: z.string().nullable(),
  cost: Cost,
  /** Steps done and known so far, effects made, and the totals of the approved preview. */
  progress: z.object({ steps: z.int(), of: z.int().nullable(), effects: z.int(), failed: z.int(), now: z.string().nullable() }),
  totals: ChangeTotals.nullable(),
  /** An approval that waits, if any. */
  approval: Id.nullable(),
  undo: z.object({
    possible: z.boolean(),
    effects: z.int(),
    final: z.int(),
    until: Time.nullable(),
    undoneBy: Id.nullable(),
    /** Of the plans that it started, and those that they started: what an undo takes back with its own. Only said of one run. */
    children: z.object({ runs: z.int(), effects: z.int(), final: z.int() }).optional(),
  }),
  labels: Labels,
})
export type Run = z.infer<typeof Run>

/** A step instance of a run, as the page and the API show it: the fold over the journal. */
export const RunStep = z.object({
  path: z.string(),
  state: z.enum(['pending', 'running', 'waiting', 'uncertain', 'done', 'skipped', 'failed', 'continued']),
  tool: z.string().nullable(),
  tries: z.int(),
  startedAt: Time.nullable(),
  finishedAt: Time.nullable(),
  error: ErrorShape.nullable(),
  count: z.int().nullable(),
})
export type RunStep = z.infer<typeof RunStep>

export const StartRun = z.object({
  /** A stored plan's id, or a plan itself. */
  plan: z.union([z.string(), Plan]),
  inputs: z.record(z.string(), z.unknown()).default({}),
  mode: Mode.default('draft'),
  budget: Budget.optional(),
  priority: z.int().min(-10).max(10).default(0),
  /** Permissions allowed for this run only. */
  allow: z.array(z.string()).default([]),
  /** A model chose the inputs: they are no person's word, and no grant. */
  chosen: z.boolean().optional(),
})
export type StartRun = z.infer<typeof StartRun>

/** What a person ticked off: ids of changes, or globs over their paths. */
export const Selection = z.object({ except: z.array(z.string()).default([]), exceptGlobs: z.array(z.string()).default([]) })
export type Selection = z.infer<typeof Selection>

export const StartUndo = z.object({
  conflicts: z.enum(['skip', 'overwrite', 'keep-both']).default('skip'),
  effects: z.array(Id).optional(),
  /** Whether what the plans did that it started is taken back too; default: yes. Chosen effects may be of either. */
  children: z.boolean().optional(),
})
export type StartUndo = z.infer<typeof StartUndo>

export const PlanStatistics = z.object({
  plan: z.string(),
  runs: z.int(),
  done: z.int(),
  failed: z.int(),
  /** Milliseconds that the work itself took, in the mean of the runs that were done: nobody's thinking is in it. */
  averageTime: z.number().nullable(),
  micros: z.int(),
  tokens: z.int(),
  steps: z.array(z.object({ step: z.string(), tries: z.int(), done: z.int(), failed: z.int(), averageTime: z.number().nullable() })),
})
export type PlanStatistics = z.infer<typeof PlanStatistics>

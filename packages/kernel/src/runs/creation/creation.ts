import { LifeOsError, type Actor, type Agent, type Plan, type StartRun, type StartUndo, type Step } from '@life-os/contract'
import { checkPermission } from '../../gate/index.ts'
import { checkPlan, childLists, parsePlan } from '../../plans/index.ts'
import { wellFormed } from '../../schemas/index.ts'
import { fromColumn } from '../../store/index.ts'
import type { RunRow } from '../../store/index.ts'
import { agentsOf } from './freeze-agents.ts'
import type { RunsContext } from '../context.ts'
import { allowForRun, grantInputs, readInputs } from './given.ts'
import type { Frozen, RunOptions } from '../live.ts'
import { NO_PROGRESS } from '../record/views.ts'

/** Checks a request and stores the run it asks for, frozen. Answers its row. */
export async function createRun(
  context: RunsContext,
  request: StartRun,
  actor: Actor,
  state: 'queued' | 'previewing',
  more: Pick<RunOptions, 'labels' | 'auto'> = {},
  onlyFor: string | null = null,
): Promise<RunRow> {
  const row = { ...(await draftRun(context, request, actor, state, more)), only_for: onlyFor }
  await context.deps.store.db.insertInto('runs').values(row).execute()
  await announce(context, row, request, actor)
  return row
}

/** The row of a run as it will be stored. Errors: `plan-invalid`, `plan-unknown`, `input-invalid`. */
export async function draftRun(
  context: RunsContext,
  request: StartRun,
  actor: Actor,
  state: 'queued' | 'previewing',
  more: Pick<RunOptions, 'person' | 'caps' | 'labels' | 'auto'> = {},
): Promise<RunRow> {
  const plan = await planOf(context, request.plan)
  const plans = await subPlansOf(context, plan)
  const agents = await agentsOf(context.deps.agents, [plan, ...Object.values(plans)])
  const faults = checkPlan(plan, {
    tool: (id) => context.toolbox.describe(id),
    plan: (id) => plans[id],
    agent: (id) => Object.hasOwn(agents, id),
  })
  if (faults.length > 0) {
    const [first] = faults
    throw new LifeOsError(
      'plan-invalid',
      `The plan ${plan.id} has ${faults.length} fault${faults.length > 1 ? 's' : ''}; the first: ${first?.message ?? ''}`,
      { details: { faults } },
    )
  }
  const inputs = await readInputs(context, plan, request.inputs)
  for (const permission of request.allow) checkPermission(permission)
  const saved = typeof request.plan === 'string'
  const stranger = await holdsStrangers(context, [...(saved ? [plan.id] : []), ...Object.keys(plans)])
  const { allow, budget, mode, priority } = request
  const options: RunOptions = { allow, budget, unticked: [], approved: null, steps: {}, saved, stranger, ...more }
  const frozen = freeze(context, plan, plans, agents)
  return rowOf(context, { kind: 'run', of: null, plan, frozen, inputs, options, mode, actor, priority, state })
}

/** What goes with a stored run: the record of who made it, its event, and what was given to it. */
export async function announce(context: RunsContext, row: RunRow, request: StartRun, actor: Actor): Promise<void> {
  await recordCreation(context, row, actor)
  const { plan } = JSON.parse(row.frozen_json) as Frozen // made just before
  if (!request.chosen) await grantInputs(context, row.id, plan.inputs, fromColumn(row.inputs_json), actor)
  await allowForRun(context, row.id, request.allow, 'input', actor)
}

/** Stores an undo run over a plan made from effect records. */
export async function createUndoRun(
  context: RunsContext,
  of: RunRow,
  plan: Plan,
  inputs: Record<string, unknown>,
  undo: StartUndo,
  actor: Actor,
): Promise<RunRow> {
  const options: RunOptions = { allow: [], unticked: [], approved: null, steps: {}, undo }
  const row = rowOf(context, {
    kind: 'undo',
    of: of.id,
    plan,
    frozen: freeze(context, plan, {}, {}),
    inputs,
    options,
    mode: 'draft',
    actor,
    priority: 5,
    state: 'previewing',
  })
  const kept = { ...row, only_for: of.only_for }
  await context.deps.store.db.insertInto('runs').values(kept).execute()
  await recordCreation(context, kept, actor)
  return kept
}

async function planOf(context: RunsContext, given: StartRun['plan']): Promise<Plan> {
  if (typeof given !== 'string') {
    const parsed = parsePlan(given)
    if (!parsed.ok)
      throw new LifeOsError('plan-invalid', parsed.faults[0]?.message ?? 'The plan cannot be read.', { details: { faults: parsed.faults } })
    return parsed.plan
  }
  const found = await context.deps.plans.find(given)
  if (!found) throw new LifeOsError('plan-unknown', `There is no plan ${given}. See \`lifeos plan list\` or the Workflows page.`)
  return found
}

async function subPlansOf(context: RunsContext, plan: Plan): Promise<Record<string, Plan>> {
  const plans: Record<string, Plan> = {}
  const visit = async (steps: readonly Step[]): Promise<void> => {
    for (const id of steps.flatMap(planIdsIn)) {
      if (plans[id] || id === plan.id) continue
      const found = await context.deps.plans.find(id)
      if (!found) continue // the checker names it
      plans[id] = found
      await visit(found.steps)
    }
  }
  await visit(plan.steps)
  return plans
}

async function holdsStrangers({ deps }: RunsContext, ids: readonly string[]): Promise<boolean> {
  for (const id of ids) if (await deps.plans.isStranger?.(id)) return true
  return false
}

function planIdsIn(step: Step): string[] {
  return ['plan' in step ? [step.plan] : [], ...childrenOf(step).map(planIdsIn)].flat()
}

function toolIdsIn(step: Step): string[] {
  return ['tool' in step ? [step.tool] : [], ...childrenOf(step).map(toolIdsIn)].flat()
}

function childrenOf(step: Step): Step[] {
  return childLists(step).flatMap((list) => [...list.steps])
}

function freeze(context: RunsContext, plan: Plan, plans: Record<string, Plan>, agents: Record<string, Agent>): Frozen {
  const tools = [plan, ...Object.values(plans)].flatMap((one) => one.steps.flatMap(toolIdsIn))
  const digests: Record<string, string> = {}
  for (const id of tools) {
    const plugin = context.toolbox.describe(id)?.plugin
    const digest = plugin && context.deps.plugins.digest(plugin)
    if (plugin && digest) digests[plugin] = digest
  }
  return { plan, plans, digests, ...(Object.keys(agents).length > 0 && { agents }) }
}

interface RowParts {
  kind: 'run' | 'undo'
  of: string | null
  plan: Plan
  frozen: Frozen
  inputs: Record<string, unknown>
  options: RunOptions
  mode: string
  actor: Actor
  priority: number
  state: string
}

function rowOf(context: RunsContext, parts: RowParts): RunRow {
  const { deps } = context
  return {
    id: deps.newId(),
    kind: parts.kind,
    of: parts.of,
    parent: null,
    parent_step: null,
    only_for: null,
    plan_id: parts.plan.id,
    plan_name: wellFormed(parts.plan.name, /\0/g),
    plan_version: parts.plan.version,
    frozen_json: JSON.stringify(parts.frozen),
    inputs_json: JSON.stringify(parts.inputs),
    mode: parts.mode,
    state: parts.state,
    actor_json: JSON.stringify(parts.actor),
    priority: parts.priority,
    options_json: JSON.stringify(parts.options),
    epoch: 0,
    owner: null,
    lease_until: null,
    created_at: deps.clock.now(),
    started_at: null,
    finished_at: null,
    error_json: null,
    error_path: null,
    outputs_json: null,
    cost_json: JSON.stringify({ tokens: 0, micros: 0, time: 0, steps: 0 }),
    progress_json: JSON.stringify(NO_PROGRESS),
    summary_json: null,
    approval: null,
    undone_by: null,
    labels: '[]',
  }
}

/** Both at once: they share a commit. */
async function recordCreation(context: RunsContext, row: RunRow, actor: Actor): Promise<void> {
  const { store, events } = context.deps
  const record = store.audit.append({
    kind: 'run',
    actor: actor.id,
    run: row.id,
    step: null,
    tool: null,
    verdict: null,
    rule: 'run-created',
    data: { plan: row.plan_id, version: row.plan_version, mode: row.mode },
  })
  await Promise.all([record, events.publish('run.created', { run: row.id, plan: row.plan_id })])
}

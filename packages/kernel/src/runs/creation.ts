import { homedir } from 'node:os'
import { LifeOsError, type Actor, type Plan, type PlanInput, type Step, type StartRun, type StartUndo } from '@life-os/contract'
import { checkPermission, permissionFor, sameSite } from '../gate/index.ts'
import { checkPlan, childLists, parseInputs, parsePlan } from '../plans/index.ts'
import type { RunRow } from '../store/index.ts'
import type { RunsContext } from './context.ts'
import type { Frozen, RunOptions } from './live.ts'
import { NO_PROGRESS } from './views.ts'

/** Checks a request and stores the run it asks for, frozen. Answers its row. */
export async function createRun(context: RunsContext, request: StartRun, actor: Actor, state: 'queued' | 'previewing'): Promise<RunRow> {
  const plan = await planOf(context, request.plan)
  const plans = await subPlansOf(context, plan)
  const faults = checkPlan(plan, { tool: (id) => context.toolbox.describe(id), plan: (id) => plans[id] })
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
  const options: RunOptions = { allow: request.allow, budget: request.budget, unticked: [], approved: null, steps: {}, saved, stranger }
  const row = rowOf(context, {
    kind: 'run',
    of: null,
    plan,
    frozen: freeze(context, plan, plans),
    inputs,
    options,
    mode: request.mode,
    actor,
    priority: request.priority,
    state,
  })
  await insert(context, row, actor)
  await grantInputs(context, row.id, plan.inputs, inputs, actor)
  await allowForRun(context, row.id, request.allow, 'input', actor)
  return row
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
    frozen: freeze(context, plan, {}),
    inputs,
    options,
    mode: 'draft',
    actor,
    priority: 5,
    state: 'previewing',
  })
  await insert(context, row, actor)
  return row
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

function freeze(context: RunsContext, plan: Plan, plans: Record<string, Plan>): Frozen {
  const tools = [plan, ...Object.values(plans)].flatMap((one) => one.steps.flatMap(toolIdsIn))
  const digests: Record<string, string> = {}
  for (const id of tools) {
    const plugin = context.toolbox.describe(id)?.plugin
    const digest = plugin && context.deps.plugins.digest(plugin)
    if (plugin && digest) digests[plugin] = digest
  }
  return { plan, plans, digests }
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
    plan_id: parts.plan.id,
    plan_name: parts.plan.name,
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

async function insert(context: RunsContext, row: RunRow, actor: Actor): Promise<void> {
  const { store, events } = context.deps
  await store.db.insertInto('runs').values(row).execute()
  await store.audit.append({
    kind: 'run',
    actor: actor.id,
    run: row.id,
    step: null,
    tool: null,
    verdict: null,
    rule: 'run-created',
    data: { plan: row.plan_id, version: row.plan_version, mode: row.mode },
  })
  await events.publish('run.created', { run: row.id, plan: row.plan_id })
}

/** What a person gives as input is a grant for this run: reads proceed, writes wait for the approval. */
export async function grantInputs(
  context: RunsContext,
  run: string,
  declared: Record<string, PlanInput>,
  inputs: Record<string, unknown>,
  actor: Actor,
): Promise<void> {
  const given = Object.entries(declared).flatMap(([name, input]) => permissionsIn(input, inputs[name]))
  await allowForRun(context, run, [...new Set(given)], 'input', actor)
}

/**
 * Grants of one run. `input` serves what the plan's tools declare that they need, never what a plugin asks for on top;
 * `approval` is a person's answer to what was asked. Nobody but a person gives either.
 */
export async function allowForRun(
  context: RunsContext,
  run: string,
  permissions: readonly string[],
  origin: 'input' | 'approval',
  actor: Actor,
): Promise<void> {
  if (actor.kind !== 'person' && actor.kind !== 'token' && actor.kind !== 'cli') return
  for (const permission of permissions)
    await context.deps.gate.grants.add(
      { subject: { kind: 'run', id: run }, permission, verdict: 'allow', expiresAt: null },
      origin,
      actor.id,
    )
}

function permissionsIn(input: PlanInput, value: unknown): string[] {
  if (value === null || value === undefined) return []
  switch (input.type) {
    case 'path':
      return [String(value), `${String(value)}/**`].map((resource) => permissionFor({ kind: 'fs.read', resource }))
    case 'file':
      return [permissionFor({ kind: 'fs.read', resource: String(value) })]
    case 'secret':
      return [permissionFor({ kind: 'secret.use', resource: String(value) })]
    case 'text':
      return netOf(String(value))
    case 'list':
      return Array.isArray(value) ? value.flatMap((item) => permissionsIn(input.of, item)) : []
    case 'record':
      return Object.entries(input.fields).flatMap(([name, field]) => permissionsIn(field, (value as Record<string, unknown>)[name])) // parseInputs made it a record
    default:
      return []
  }
}

/** An address and the other doors of its site: a person who names one means the site. */
function netOf(text: string): string[] {
  if (!/^https?:\/\//i.test(text)) return []
  const url = URL.parse(text)
  if (!url) return []
  const resource = `${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`
  return [resource, ...sameSite({ kind: 'net', resource }).map((need) => need.resource)].map((place) => `net:${place}`)
}

/** Checks given inputs; paths are made real, since calls are held to real places. */
export async function readInputs(context: RunsContext, plan: Plan, given: Record<string, unknown>): Promise<Record<string, unknown>> {
  const inputs = parseInputs(plan.inputs, homePaths(plan.inputs, given))
  const real = await Promise.all(
    Object.entries(inputs).map(async ([name, value]) => [name, await realPlace(context, plan.inputs[name], value)] as const),
  )
  return Object.fromEntries(real)
}

async function realPlace(context: RunsContext, declared: PlanInput | undefined, value: unknown): Promise<unknown> {
  if (declared?.type === 'list' && Array.isArray(value)) return Promise.all(value.map((item) => realPlace(context, declared.of, item)))
  const isPlace = declared?.type === 'path' || declared?.type === 'file'
  return isPlace && typeof value === 'string' ? context.deps.host.canonical(value) : value
}

function homePaths(declared: Record<string, PlanInput>, given: Record<string, unknown>): Record<string, unknown> {
  const isHome = (value: unknown): value is string => typeof value === 'string' && (value === '~' || value.startsWith('~/'))
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const kind = declared[name]?.type
      return [name, (kind === 'path' || kind === 'file') && isHome(value) ? homedir() + value.slice(1) : value]
    }),
  )
}

import { dirname } from 'node:path'
import { errorShape, joinLabels, type AgentStep, type Labels, type Need, type ToolDescription, type ToolStep } from '@life-os/contract'
import { LABEL_RULES, type Judged } from '../../gate/index.ts'
import type { Overlay } from '../../host/index.ts'
import { evaluate, type Evaluated, type Scope } from '../../plans/index.ts'
import { actingIn, judgeActing } from '../acting.ts'
import { frozenAgent } from '../agents/call-agent.ts'
import { touchedBy } from '../record/change-key.ts'
import type { RunsContext } from '../context.ts'
import { effectKey } from '../hash.ts'
import { judgeLabelled, sourcesOf } from '../calls/label-flow.ts'
import type { LiveRun } from '../live.ts'
import { failedOutcome, failWith, valueOutcome, type Outcome } from '../interpreter/outcome.ts'
import { finishedOutcome } from '../record/finished.ts'
import { planPath } from '../interpreter/paths.ts'
import { onceOf } from '../questions/plan-subject.ts'
import type { PreviewParts } from '../record/preview.ts'
import { look } from './look.ts'
import { recordCall } from '../calls/simulate-step.ts'
import type { Frame, World } from '../interpreter/world.ts'

/** The world in which nothing happens but looking: tools run against the recording host, over one shared overlay. */
export function createPreviewWorld(context: RunsContext, live: LiveRun, parts: PreviewParts, signal: AbortSignal): World {
  const overlay = context.deps.host.createOverlay()
  const touched = createTouched()
  const unticked = new Set(live.options.unticked)
  return {
    phase: 'preview',
    run: { id: live.id, startedAt: live.row.created_at },
    halted: () => signal.aborted,
    finished: async () => null, // a preview looks afresh; reads are adopted one by one below
    note(event) {
      if (event.type === 'step-skipped') parts.steps.push({ path: event.path, state: 'skipped' })
    },
    finish: async () => undefined,
    plan: (id) => live.frozen.plans[id],
    async callTool(step, given, scope, frame) {
      if (unticked.has(frame.path)) {
        parts.steps.push({ path: frame.path, state: 'skipped', tool: step.tool, note: 'unticked' })
        return valueOutcome(null, joinLabels(frame.labels, given.labels))
      }
      const made = await alreadyMade(context, live, frame.path)
      if (made) return made
      return simulate({ context, live, parts, overlay, touched }, step, given, scope, frame)
    },
    async approve(_step, message, frame) {
      parts.steps.push({ path: frame.path, state: 'asks', note: message })
      return { kind: 'unknown', labels: frame.labels, value: { approved: true, by: '', reason: '' } }
    },
    async wait(_step, _scope, frame) {
      parts.steps.push({ path: frame.path, state: 'unknown', note: 'waits' })
      return { kind: 'unknown', labels: frame.labels }
    },
    askAboutError: async () => 'stop',
    rollBack: async () => null,
    spent: (path) => live.spent(path),
    raised: (path) => live.fold.raised.get(path),
    failure: () => null,
    agent: (id) => frozenAgent(live, id),
    callAgent: async (step, input, _scope, frame) => noteAgent(context, live, parts, step, input, frame),
    question: async () => 'suspended',
    startPlan: async (_path, _request, frame) => ({ kind: 'unknown', labels: frame.labels }),
  }
}

/** An agent decides as it goes: what it would do is not known, and each change is asked for then. */
async function noteAgent(
  context: RunsContext,
  live: LiveRun,
  parts: PreviewParts,
  step: AgentStep,
  input: Evaluated,
  frame: Frame,
): Promise<Outcome> {
  const known = await finishedOutcome(context, live, frame.path)
  if (known) return known
  const agent = frozenAgent(live, step.agent)
  if (!agent) return failWith(frame.path, 'agent-unknown', `There is no agent ${step.agent}.`, frame.labels)
  parts.steps.push({ path: frame.path, state: 'agent', note: `${agent.name} decides as it goes; each change is asked for then.` })
  return { kind: 'unknown', labels: joinLabels(frame.labels, input.labels) }
}

/** A run previewed again half-way: effects already made are facts and not shown once more. */
async function alreadyMade(context: RunsContext, live: LiveRun, path: string): Promise<Outcome | null> {
  const record = live.fold.steps.get(path)
  if (!record?.tool || context.toolbox.describe(record.tool)?.effect === 'read') return null
  return finishedOutcome(context, live, path)
}

/** What a preview shows instead of asking first: recording changes no file, and runs a program only in a box, on copies. */
const SHOWN_FIRST: ReadonlySet<string> = new Set(['fs.write', 'exec'])

const isSame = (a: Need, b: Need): boolean => a.kind === b.kind && a.resource === b.resource

interface Simulation {
  context: RunsContext
  live: LiveRun
  parts: PreviewParts
  overlay: Overlay
  touched: Touched
}

async function simulate(simulation: Simulation, step: ToolStep, given: Evaluated, scope: Scope, frame: Frame): Promise<Outcome> {
  const { context, live, parts } = simulation
  const { path } = frame
  const own = joinLabels(frame.labels, given.labels)
  const tool = context.toolbox.describe(step.tool)
  if (!tool) return failWith(path, 'tool-unknown', `There is no tool ${step.tool}. Enable the plugin that brings it.`, own)
  if (!given.known) {
    parts.steps.push({ path, state: frame.possible ? 'possible' : 'unknown', tool: tool.id, note: 'known after apply' })
    return { kind: 'unknown', labels: own }
  }
  const needs = await context.toolbox.needs(tool, given.value)
  const acting = actingIn(live, frame)
  const judge = (carried: Labels): Promise<Judged> =>
    judgeActing(context, live, acting, {
      tool,
      input: given.value,
      labels: carried,
      sources: sourcesOf(live, carried),
      approved: false,
      needs,
      once: onceOf(live, path),
      chosen: own,
    })
  const judged = await judgeLabelled(
    context.labels,
    context.deps.plugins,
    tool,
    joinLabels(own, await context.toolbox.labels(tool, given.value)),
    judge,
  )
  const { decision, allowed, privateTo, denies, labels } = judged
  if (decision.verdict === 'deny') {
    parts.steps.push({ path, state: 'failed', tool: tool.id, note: decision.message })
    return failWith(path, 'gate-refused', decision.message, labels)
  }
  const ours = tool.plugin === 'life-os' // what undoes an effect reaches what the effect reached
  // changes that only their labels stand against are shown, with those labels
  const { decision: plain, unread } = tool.effect !== 'read' && LABEL_RULES.has(decision.rule) ? await judge([]) : judged
  const shown = plain.missing.filter((need) => tool.effect === 'read' || !SHOWN_FIRST.has(need.kind))
  const mustAsk = ours ? [] : [...shown, ...unread.filter((need) => !shown.some((one) => isSame(one, need)))]
  if (decision.verdict === 'ask' && mustAsk.length > 0) {
    return asks(parts, { path, tool, labels }, mustAsk, decision.message)
  }
  const itemKey = step.key ? evaluate(step.key, scope) : null
  const call = {
    tool,
    acting,
    path,
    input: given.value,
    key: effectKey(live.id, path, itemKey?.known ? String(itemKey.value) : null),
    labels,
    privateTo,
    denies,
    needs: allowed,
    overlay: simulation.overlay,
    signal: frame.signal,
  }
  return tool.effect === 'read' ? lookAt(simulation, call, frame) : record(simulation, call, frame)
}

type Call = Parameters<typeof recordCall>[2]

/** A step that will ask a person when it comes to it: what it needs stands in the preview, what it would do is not known yet. */
function asks(parts: PreviewParts, call: Pick<Call, 'path' | 'tool' | 'labels'>, needs: readonly Need[], note: string): Outcome {
  const { path, tool } = call
  for (const need of needs) noteNeed(parts, { permission: `${need.kind}:${need.resource}`, plugin: tool.plugin, step: planPath(path) })
  parts.steps.push({ path, state: 'asks', tool: tool.id, note })
  return { kind: 'unknown', labels: call.labels }
}

function noteNeed(parts: PreviewParts, need: PreviewParts['needs'][number]): void {
  if (!parts.needs.some((other) => other.permission === need.permission && other.plugin === need.plugin)) parts.needs.push(need)
}

/** Reads really happen; the run adopts those of the untouched world. */
async function lookAt({ context, live, parts, touched }: Simulation, asked: Call, frame: Frame): Promise<Outcome> {
  parts.reads += 1
  const clean = asked.needs.every((need) => !need.kind.startsWith('fs.') || !touched.meets(need.resource))
  const looked = await look(context, live, asked, frame, clean)
  if (looked.kind === 'known') return looked.outcome
  const { output, error, unmet, labels } = looked.recorded
  const call = { ...asked, labels }
  if (unmet) return asks(parts, call, unmet.secret === undefined ? unmet.needs : [], unmet.message)
  if (error) return failed(parts, call, error, frame)
  if (output) return valueOutcome(output.value, labels)
  parts.steps.push({ path: call.path, state: 'unknown', tool: call.tool.id })
  return { kind: 'unknown', labels }
}

async function record(simulation: Simulation, asked: Call, frame: Frame): Promise<Outcome> {
  const { parts, touched } = simulation
  const { recording, output, error, unmet, labels } = await recordCall(simulation.context, simulation.live, asked)
  const call = { ...asked, labels }
  if (unmet) return asks(parts, call, unmet.secret === undefined ? unmet.needs : [], unmet.message)
  parts.warnings.push(...recording.warnings)
  recording.changes.forEach((change, index) => {
    for (const place of touchedBy(change)) touched.add(place)
    parts.changes.push({
      id: `${call.path}#${index}`,
      step: call.path,
      change: frame.possible ? { ...change, unknown: true } : change,
      labels: [...call.labels],
    })
  })
  if (error) return failed(parts, call, error, frame)
  const conflict = conflictOf(output?.value)
  if (conflict) parts.steps.push({ path: call.path, state: 'skipped', tool: call.tool.id, note: conflict })
  else parts.steps.push({ path: call.path, state: frame.possible ? 'possible' : output ? 'known' : 'unknown', tool: call.tool.id })
  return output ? valueOutcome(output.value, call.labels) : { kind: 'unknown', labels: call.labels }
}

/** The restore tool says why it would leave something alone. */
function conflictOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('conflict' in value)) return null
  return typeof value.conflict === 'string' ? value.conflict : null
}

function failed(parts: PreviewParts, call: { path: string; tool: ToolDescription; labels: Labels }, error: unknown, frame: Frame): Outcome {
  parts.steps.push({ path: call.path, state: 'failed', tool: call.tool.id, error: errorShape(error) })
  if (frame.possible) return { kind: 'unknown', labels: call.labels }
  return failedOutcome(call.path, error, call.labels)
}

/** Paths that the predicted world changed, with the folders above them. */
interface Touched {
  add(path: string): void
  meets(resource: string): boolean
}

function createTouched(): Touched {
  const paths = new Set<string>()
  const above = new Set<string>()
  return {
    add(path) {
      paths.add(path)
      for (let folder = dirname(path); !above.has(folder); folder = dirname(folder)) {
        above.add(folder)
        if (folder === dirname(folder)) return
      }
    },
    meets(resource) {
      const wild = resource.search(/[*?[{]/)
      const place = wild < 0 ? resource : resource.slice(0, resource.lastIndexOf('/', wild) + 1).replace(/\/$/, '') || '/'
      if (paths.has(place) || (wild >= 0 && above.has(place)) || (wild < 0 && above.has(place))) return true
      for (let folder = dirname(place); folder !== dirname(folder); folder = dirname(folder)) if (paths.has(folder)) return true
      return false
    },
  }
}

import { LifeOsError, type Change, type Run } from '@life-os/contract'
import type { RunRow } from '../store/index.ts'
import { conclude, crashed, finish } from './conclude.ts'
import type { RunsContext } from './context.ts'
import { tighter } from './budget.ts'
import { interpret } from './interpreter.ts'
import { DEFAULT_LEASE, claim, keepLease } from './lease.ts'
import { createLive, type LiveRun } from './live.ts'
import type { Outcome } from './outcome.ts'
import { buildPreview, type PreviewParts } from './preview-build.ts'
import { createPreviewWorld } from './preview-world.ts'
import { ask } from './questions.ts'
import { createRealWorld } from './real-world.ts'
import { markUndone } from './undone.ts'
import { runView } from './views.ts'
import type { Frame, World } from './world.ts'

/** Something to do to a run while it is in hand, before it goes on. */
export type Prelude = (live: LiveRun) => Promise<void>

export interface Engine {
  /** Goes on with a run in the background. An answer to a run already going is taken in and makes it look again. */
  execute(run: string, prelude?: Prelude): Promise<void>
  /** Previews and leaves the run waiting with its approval; `auto` starts it when there is nothing to approve. */
  preview(run: string, auto: boolean, prelude?: Prelude): Promise<Run>
  /** Takes the run in hand only for the prelude and to conclude; nothing runs. */
  touch(run: string, prelude: Prelude): Promise<void>
  live(run: string): LiveRun | undefined
  /** In hand here, or about to be. */
  busy(run: string): boolean
  active(): LiveRun[]
  settled(run: string): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

interface Going {
  live: LiveRun
  done: Promise<void>
  again: boolean
}

export function createEngine(context: RunsContext, onSettled: () => void): Engine {
  const { deps } = context
  const going = new Map<string, Going>()
  const starting = new Map<string, Promise<void>>()
  const previews = new Map<string, Promise<Run>>()

  const take = async (run: string): Promise<LiveRun> => {
    const row = await claim(deps, run)
    if (!row)
      throw new LifeOsError('run-elsewhere', 'Another process is running this. Wait for it, or stop it there.', { class: 'operational' })
    return createLive(deps, row, await deps.store.journal.read(run, 0, Number.MAX_SAFE_INTEGER))
  }

  const begin = async (run: string, prelude: Prelude | undefined, work: (live: LiveRun) => Promise<void>): Promise<void> => {
    for (let other = starting.get(run); other; other = starting.get(run)) await other.catch(() => undefined) // one beginning at a time
    const present = going.get(run)
    if (present) {
      await prelude?.(present.live)
      present.again = true
      return
    }
    const start = (async () => {
      const live = await take(run)
      await prelude?.(live)
      const entry: Going = { live, again: false, done: Promise.resolve() }
      going.set(run, entry)
      entry.done = loop(run, entry, work)
    })()
    starting.set(run, start)
    try {
      await start
    } finally {
      starting.delete(run)
    }
  }

  const loop = async (run: string, entry: Going, work: (live: LiveRun) => Promise<void>): Promise<void> => {
    const stopRenewing = renew(context, entry.live)
    try {
      await work(entry.live)
    } catch (error) {
      deps.logger.error({ run, error: String(error) }, 'a run could not be concluded')
    } finally {
      stopRenewing()
      going.delete(run)
    }
    if (entry.again && !entry.live.halt)
      await begin(run, undefined, (live) => realRun(context, live)).catch((error: unknown) =>
        deps.logger.error({ run, error: String(error) }, 'a run could not go on'),
      )
    onSettled()
  }

  const atRest = async (run: string): Promise<void> => {
    for (;;) {
      await starting.get(run)?.catch(() => undefined)
      const entry = going.get(run)
      if (!entry) return
      await entry.done
    }
  }

  const previewing = async (run: string, auto: boolean, prelude: Prelude | undefined): Promise<Run> => {
    let failure: unknown = null
    let goOn = false
    await begin(run, prelude, async (live) => {
      try {
        goOn = await previewRun(context, live, auto)
      } catch (error) {
        failure = error
      }
    })
    await atRest(run)
    if (failure) throw failure
    if (goOn) await begin(run, undefined, (live) => realRun(context, live))
    const row = await deps.store.db.selectFrom('runs').selectAll().where('id', '=', run).executeTakeFirstOrThrow()
    return runView(row, null)
  }

  /** A preview that goes on by itself is one thing to whoever waits for it. */
  const settled = async (run: string): Promise<void> => {
    await previews.get(run)?.catch(() => undefined)
    await atRest(run)
  }

  return {
    execute: (run, prelude) => begin(run, prelude, (live) => realRun(context, live)),
    async touch(run, prelude) {
      await begin(run, prelude, async () => undefined)
      await atRest(run)
    },
    preview(run, auto, prelude) {
      const work = previewing(run, auto, prelude)
      previews.set(run, work)
      return work.finally(() => previews.get(run) === work && previews.delete(run))
    },
    live: (run) => going.get(run)?.live,
    busy: (run) => going.has(run) || starting.has(run) || previews.has(run),
    active: () => [...going.values()].map((entry) => entry.live),
    settled,
    async [Symbol.asyncDispose]() {
      for (const entry of going.values()) entry.live.halt ??= 'shutdown'
      await Promise.all([...going.keys()].map(atRest))
    },
  }
}

function renew(context: RunsContext, live: LiveRun): () => void {
  const { deps } = context
  const stop = new AbortController()
  const turn = async (): Promise<void> => {
    for (;;) {
      await deps.clock.sleep((deps.lease ?? DEFAULT_LEASE) / 3, stop.signal)
      await keepLease(deps, live)
    }
  }
  turn().catch(() => undefined) // ends with the run; a lost lease has already halted it
  return () => stop.abort()
}

function frameOf(live: LiveRun, signal: AbortSignal): Frame {
  return { path: '', labels: [], budget: live.budget, signal, depth: 0, possible: false }
}

async function walk(context: RunsContext, live: LiveRun, world: World, signal: AbortSignal): Promise<Outcome> {
  const given = JSON.parse(live.row.inputs_json) as Record<string, unknown> // parseInputs made it
  const inputs = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, { value, labels: [] }]))
  try {
    return await interpret(live.frozen.plan, inputs, world, frameOf(live, signal))
  } catch (error) {
    context.deps.logger.error({ run: live.id, error: String(error) }, 'the interpreter failed')
    return crashed('', error)
  }
}

async function realRun(context: RunsContext, live: LiveRun): Promise<void> {
  const { deps } = context
  if (live.halt === null && live.fold.state !== 'running') await begun(context, live)
  const changed = changedPlugins(context, live)
  if (changed.length > 0 && live.options.approved) {
    await previewRun(context, live, false, refrozen(context, live, changed))
    return
  }
  live.approved = await approvedChanges(context, live)
  const time = timeLeft(live)
  const signal = time === null ? live.abort.signal : AbortSignal.any([live.abort.signal, AbortSignal.timeout(time)])
  const outcome = await walk(context, live, createRealWorld(context, live), signal)
  if (live.row.kind === 'undo') await markUndone(context, live)
  const late = outcome.kind === 'suspended' && signal.aborted && !live.abort.signal.aborted
  await conclude(
    context,
    live,
    late
      ? crashed(
          '',
          new LifeOsError(
            'budget-exceeded',
            'The time this run was given is over. What was done stays done; raise the budget and resume to go on.',
          ),
        )
      : outcome,
  )
  if (deps.store.dialect === 'postgres') await deps.store.journal.flush()
}

async function begun(context: RunsContext, live: LiveRun): Promise<void> {
  const patch: Partial<RunRow> = {
    state: 'running',
    started_at: live.row.started_at ?? context.deps.clock.now(),
    finished_at: null,
    error_json: null,
    error_path: null,
  }
  live.note(
    { type: 'run-started', epoch: live.epoch },
    { kind: 'run-update', patch },
    { kind: 'topic', topic: 'run.started', data: { run: live.id, plan: live.row.plan_id } },
  )
}

/** Milliseconds until the time budget or the deadline ends the run; null when there is none. */
function timeLeft(live: LiveRun): number | null {
  const { time, deadline } = tighter(live.budget.limits, {})
  const left = [
    time === undefined ? null : time - live.fold.cost.time,
    deadline === undefined ? null : live.row.created_at + deadline - Date.now(),
  ].filter((part): part is number => part !== null)
  return left.length === 0 ? null : Math.max(0, Math.min(...left))
}

/** The approved changes by step: the preview as a whole, and what was approved step by step since. */
async function approvedChanges(context: RunsContext, live: LiveRun): Promise<ReadonlyMap<string, readonly Change[]> | null> {
  const { previews } = context.deps.gate
  const { approved, steps } = live.options
  if (!approved && Object.keys(steps).length === 0) return null
  const byStep = new Map<string, Change[]>()
  if (approved) {
    const preview = await previews.load(live.id, approved.revision)
    for (const step of preview.steps) if (step.state === 'known') byStep.set(step.path, [])
    for (const entry of preview.changes) {
      if (entry.change.unknown) continue
      const list = byStep.get(entry.step)
      if (list) list.push(entry.change)
      else byStep.set(entry.step, [entry.change])
    }
    for (const step of preview.steps) if (step.state === 'possible') byStep.delete(step.path) // asked again once it is known
  }
  for (const [path, revision] of Object.entries(steps))
    byStep.set(
      path,
      (await previews.load(live.id, revision)).changes.map((entry) => entry.change),
    )
  return byStep
}

/** Plugins of an approved run that are not what they were when it was approved. */
function changedPlugins(context: RunsContext, live: LiveRun): string[] {
  return Object.entries(live.frozen.digests)
    .filter(([plugin, digest]) => (context.deps.plugins.digest(plugin) ?? digest) !== digest)
    .map(([plugin]) => plugin)
}

/** Freezes the run anew with today's plugins; what is not done yet is previewed and approved again. */
function refrozen(context: RunsContext, live: LiveRun, changed: readonly string[]): PreviewParts['warnings'] {
  for (const plugin of changed) live.frozen.digests[plugin] = context.deps.plugins.digest(plugin) ?? ''
  live.options.approved = null
  live.options.steps = {}
  live.record({ kind: 'run-update', patch: { frozen_json: JSON.stringify(live.frozen), options_json: JSON.stringify(live.options) } })
  return changed.map((plugin) => ({
    code: 'plugin-changed',
    message: `The plugin ${plugin} has changed since you approved this run. What is left to do is shown again.`,
  }))
}

/** Previews a run in hand. Answers whether it may simply go on, because there is nothing to approve. */
async function previewRun(context: RunsContext, live: LiveRun, auto: boolean, warnings: PreviewParts['warnings'] = []): Promise<boolean> {
  const { deps } = context
  const parts: PreviewParts = {
    changes: [],
    steps: [],
    warnings: [...warnings, ...(await warningsOf(context, live))],
    needs: [],
    reads: 0,
    failed: null,
  }
  const outcome = await walk(context, live, createPreviewWorld(context, live, parts, live.abort.signal), live.abort.signal)
  if (live.halt) {
    await conclude(context, live, outcome)
    return false
  }
  if (outcome.kind === 'failed') parts.failed = outcome.error
  const preview = buildPreview(live, parts)
  const summary = { kind: 'run-update', patch: { summary_json: JSON.stringify(preview.summary) } } as const
  if (outcome.kind === 'failed') {
    await deps.gate.previews.save(preview, deps.clock.now())
    live.record(summary)
    await finish(context, live, { type: 'run-finished', state: 'failed', error: outcome.error, errorPath: outcome.path })
    return false
  }
  const nothing =
    preview.changes.length === 0 &&
    preview.summary.needs.length === 0 &&
    preview.summary.steps.unknown === 0 &&
    preview.steps.every((step) => step.state !== 'asks')
  live.record(summary)
  if (auto && nothing) {
    const revision = await deps.gate.previews.save(preview, deps.clock.now())
    live.options.approved = { revision, final: false }
    await live.commit(null, { kind: 'run-update', patch: { options_json: JSON.stringify(live.options), owner: null, lease_until: null } })
    return true
  }
  await ask(context, live, {
    step: '',
    kind: 'preview',
    title: titleOf(live),
    message: wordsOf(preview.changes.length, preview.summary.totals.final),
    preview,
    labels: [],
  })
  await conclude(context, live, { kind: 'suspended' })
  return false
}

function titleOf(live: LiveRun): string {
  return live.row.plan_name
}

function wordsOf(changes: number, final: number): string {
  const count = changes === 1 ? '1 change' : `${changes} changes`
  return final > 0 ? `${count}, ${final} of them final.` : `${count}. Nothing final.`
}

async function warningsOf(context: RunsContext, live: LiveRun): Promise<PreviewParts['warnings']> {
  const given = JSON.parse(live.row.inputs_json) as Record<string, unknown>
  const places = Object.entries(live.frozen.plan.inputs)
    .filter(([, input]) => input.type === 'path' || input.type === 'file')
    .map(([name]) => given[name])
  const warnings = await Promise.all(
    places.filter((place): place is string => typeof place === 'string').map((place) => context.deps.host.inspect(place).catch(() => [])),
  )
  return warnings.flat()
}

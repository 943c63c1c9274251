import { LifeOsError, errorShape, milliseconds, type Applied, type Change, type Cost, type ErrorShape } from '@life-os/contract'
import type { CallScope } from '../../host/index.ts'
import { askerOf } from '../acting.ts'
import type { CallQuestion, PluginCall } from '../../plugins/index.ts'
import { createAccount } from '../account.ts'
import { INPUT_NEEDED, createCallQuestions } from './call-questions.ts'
import type { RunsContext } from '../context.ts'
import { mayRepeat, replaying, standingOf, type Standing } from './cut-off.ts'
import { isOutside } from '../record/kept-answers.ts'
import { deadlineOf } from './deadline.ts'
import { noteSources } from './label-flow.ts'
import type { LiveRun } from '../live.ts'
import { noteDone, noteFailure, noteStart } from './note-tries.ts'
import { createPermissionRequests, type RequestingCall, type Unmet } from '../questions/permission-requests.ts'
import { SUSPENDED, failedOutcome, valueOutcome, type Outcome } from '../interpreter/outcome.ts'
import type { Ready } from './ready.ts'
import { recordValue } from '../record/record.ts'
import { createSink, undoUntil } from '../record/sink.ts'

export interface Tried {
  outcome: Outcome
  refused: Change | null
  /** What it asked for and was not given; it changed nothing then, or says so. */
  unmet?: Unmet
  /** What the server behind the tool asks the person: the call ended for it, and is made again with the answer. */
  asked?: CallQuestion
}

const DEFAULT_TIMEOUT = 600_000
const ONE_STEP: Cost = { tokens: 0, micros: 0, time: 0, steps: 1 }

/** Tries a call until it is done, may not be repeated, or is out of tries. */
export async function tryUntilDone(context: RunsContext, live: LiveRun, ready: Ready, start: Standing): Promise<Tried> {
  const { deps } = context
  const { path } = ready.frame
  let standing = start
  const first = (live.fold.steps.get(path)?.tries ?? 0) + 1
  for (let number = first; ; number += 1) {
    const tried = await tryOnce(context, live, ready, number, standing)
    if (tried.kind === 'done') return { outcome: tried.outcome, refused: tried.refused }
    if (tried.unmet) {
      noteFailure(live, ready, number, tried, undefined)
      return { outcome: SUSPENDED, refused: null, unmet: tried.unmet }
    }
    if (tried.asked) {
      noteFailure(live, ready, number, tried, undefined)
      return { outcome: SUSPENDED, refused: null, asked: tried.asked }
    }
    if (live.halt) return { outcome: SUSPENDED, refused: null }
    standing = await standingOf(context, live, path)
    const wait = retryWait(deps.random ?? Math.random, ready, number - first + 1, tried.error, tried.applied, standing)
    const retryAt = wait === null ? undefined : deps.clock.now() + wait
    noteFailure(live, ready, number, tried, retryAt)
    if (wait === null)
      return {
        outcome: standing.unknown.length > 0 ? uncertain(ready, tried.error) : failedOutcome(path, asError(tried.error), ready.labels),
        refused: null,
      }
    standing = { ...standing, applied: standing.applied.filter((effect) => !isOutside(effect)) } // its answer made the try fail: it is asked for again
    try {
      await deps.clock.sleep(wait, AbortSignal.any([live.abort.signal, live.leaving.signal]))
    } catch {
      return { outcome: SUSPENDED, refused: null }
    }
  }
}

/** The marker that the caller turns into a question. */
export const UNCERTAIN = 'outcome-uncertain'

function uncertain(ready: Ready, error: ErrorShape): Outcome {
  return failedOutcome(
    ready.frame.path,
    new LifeOsError(UNCERTAIN, `It is not known whether ${ready.tool.title} happened: ${error.message}`, {
      class: 'operational',
      applied: 'unknown',
    }),
    ready.labels,
  )
}

type OneTry =
  | { kind: 'done'; outcome: Outcome; refused: Change | null }
  | { kind: 'failed'; error: ErrorShape; applied: Applied; cost: Cost; unmet?: Unmet; asked?: CallQuestion }

async function tryOnce(context: RunsContext, live: LiveRun, ready: Ready, number: number, standing: Standing): Promise<OneTry> {
  const { deps } = context
  const { path } = ready.frame
  const questions = createCallQuestions(context, live, ready)
  let release: () => void
  try {
    release = await context.lanes.acquire(ready.step.lane ?? ready.tool.lane, live.id, live.row.priority, endOf(live, ready))
  } catch (error) {
    return { kind: 'failed', error: errorShape(error), applied: 'no', cost: { ...ONE_STEP, steps: 0 } }
  }
  const startedAt = deps.clock.now()
  const account = createAccount(live, ready.frame.budget, path)
  const timed = (): Cost => ({ ...ONE_STEP, time: deps.clock.now() - startedAt })
  const costNow = (): Cost => {
    account.close()
    return { ...timed(), ...account.spent }
  }
  try {
    const reservation = ready.frame.budget.reserve(ONE_STEP)
    const deadline = deadlineOf(ready.frame.budget, endOf(live, ready))
    try {
      const settings = ready.tool.effect === 'read' ? null : await deps.settings()
      await noteStart(context, live, ready, number, startedAt)
      const of = {
        path,
        try: number,
        tool: ready.tool,
        actor: ready.acting.actor.id,
        get labels() {
          return [...ready.labels]
        },
        until: settings && undoUntil(startedAt, settings.undoDays),
      }
      const { sink, state } = createSink(deps, live, of, ready.approved, ready.madeFolders)
      const requests = createPermissionRequests(context, live, requesting(ready))
      const paying = { account, asker: askerOf(live, ready.acting, ready.tool, ready.frame.path) }
      const scope = { ...scopeOf(live, ready, number), ...paying, request: requests.request, onOutput: outputOf(context, live, ready) }
      const services = replaying(requests.watched(deps.host.real(scope, sink)), standing)
      const value = await invoke(context, live, ready, services, deadline.signal, { ...paying, ask: questions.ask }).catch(
        (error: unknown) => {
          if (state.refused || requests.unmet()) return undefined
          throw deadline.errorOf(error)
        },
      )
      if (state.refused) return { kind: 'done', outcome: SUSPENDED, refused: state.refused }
      const unmet = requests.unmet()
      if (unmet) return { kind: 'failed', error: unmetError(unmet), applied: unmet.late ? 'unknown' : 'no', cost: costNow(), unmet }
      const output = await recordValue(deps.store.blobs, live.id, value, ready.labels, ready.seen.sources)
      await noteDone(live, ready, number, output, costNow(), deps.clock.now())
      return { kind: 'done', outcome: valueOutcome(value, ready.labels), refused: null }
    } catch (error) {
      const shape = errorShape(error)
      const asked = shape.code === INPUT_NEEDED ? questions.open() : null
      if (asked) return { kind: 'failed', error: shape, applied: shape.applied ?? 'unknown', cost: costNow(), asked }
      return { kind: 'failed', error: shape, applied: shape.applied ?? (ready.tool.effect === 'read' ? 'no' : 'unknown'), cost: costNow() }
    } finally {
      noteSources(live, ready.seen.sources)
      account.close()
      reservation.settle(timed()) // what was paid settled by itself
    }
  } catch (error) {
    return { kind: 'done', outcome: failedOutcome(path, error, ready.labels), refused: null } // the budget said no: nothing was tried
  } finally {
    release()
  }
}

/** A request in the middle of a call is judged by the labels it has by then. */
function requesting(ready: Ready): RequestingCall {
  return {
    tool: ready.tool,
    acting: ready.acting,
    path: ready.frame.path,
    input: ready.input,
    get labels() {
      return ready.labels
    },
  }
}

const unmetError = ({ message, late }: Unmet): ErrorShape =>
  new LifeOsError('permission-needed', message, { applied: late ? 'unknown' : 'no' }).toShape()

/** A model that thinks, or a page that loads, holds nobody up who closes Life-OS. */
function endOf(live: LiveRun, { tool, frame }: Ready): AbortSignal {
  return tool.effect === 'read' ? AbortSignal.any([frame.signal, live.leaving.signal]) : frame.signal
}

function invoke(
  context: RunsContext,
  live: LiveRun,
  ready: Ready,
  services: ReturnType<RunsContext['deps']['host']['real']>,
  signal: AbortSignal,
  paying: Pick<PluginCall, 'account' | 'asker' | 'ask'>,
): Promise<unknown> {
  return context.toolbox.invoke({
    tool: ready.tool.id,
    method: 'run',
    input: ready.input,
    key: ready.key,
    phase: 'run',
    services,
    signal,
    timeout: ready.step.timeout ? milliseconds(ready.step.timeout) : DEFAULT_TIMEOUT,
    labels: ready.labels,
    ...paying,
    onProgress: (note) =>
      context.progress({ run: live.id, step: ready.frame.path, type: note.type, at: context.deps.clock.now(), data: note.data }),
  })
}

/** On whose behalf a model is paid. */
/** Output of a step's commands, shown while they run. */
function outputOf(context: RunsContext, live: LiveRun, ready: Ready): NonNullable<CallScope['onOutput']> {
  return (data) => context.progress({ run: live.id, step: ready.frame.path, type: 'text-delta', at: context.deps.clock.now(), data })
}

function scopeOf(live: LiveRun, ready: Ready, number: number) {
  const { tool } = ready
  return {
    run: live.id,
    path: ready.frame.path,
    try: number,
    plugin: tool.plugin,
    pluginVersion: tool.version,
    tool: tool.id,
    key: ready.key,
    effect: tool.effect,
    reversal: tool.reversal,
    allowed: ready.needs,
    labels: ready.labels,
    seen: ready.seen,
    privateTo: ready.privateTo,
    denies: ready.denies,
  }
}

/** Exponential backoff with full jitter on its upper half; null when there is no further try. */
function retryWait(
  random: () => number,
  ready: Ready,
  tries: number,
  error: ErrorShape,
  applied: Applied,
  standing: Standing,
): number | null {
  const { retry } = ready.step
  if (!retry || tries >= retry.tries || error.class === 'user') return null
  if (applied !== 'no' && !mayRepeat(ready.tool, standing)) return null
  const base = Math.min(milliseconds(retry.wait) * retry.factor ** (tries - 1), milliseconds(retry.max))
  return Math.round(base * (0.5 + random() / 2))
}

function asError(shape: ErrorShape): LifeOsError {
  return new LifeOsError(shape.code, shape.message, shape)
}

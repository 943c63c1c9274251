import type { RunEvent } from '@life-os/contract'
import { raise, reserve, settleInFull, spend } from './fold-cost.ts'
import type { RunFold, StepRecord, StepState } from './fold-types.ts'
import { isWithin } from '../interpreter/paths.ts'

export type { RunFold, StepRecord, StepState } from './fold-types.ts'

export function emptyFold(): RunFold {
  const cost = { tokens: 0, micros: 0, time: 0, steps: 0 }
  return {
    seq: 0,
    state: 'queued',
    steps: new Map(),
    cost,
    reserved: { ...cost },
    raised: new Map(),
    effects: { started: 0, finished: 0 },
    done: 0,
    failed: 0,
    now: null,
    error: null,
    outputs: null,
    epoch: 0,
  }
}

/** Folds a whole journal. */
export function foldOf(entries: Iterable<{ seq: number; at: number; event: RunEvent }>): RunFold {
  const fold = emptyFold()
  for (const entry of entries) advance(fold, entry)
  return fold
}

/** Takes one more entry into a fold that the caller owns. `advance` over entries equals `foldOf` of them. */
export function advance(fold: RunFold, entry: { seq: number; at: number; event: RunEvent }): void {
  fold.seq = Math.max(fold.seq, entry.seq)
  const { event, at } = entry
  switch (event.type) {
    case 'run-started':
      fold.state = 'running'
      fold.epoch = event.epoch
      return
    case 'run-resumed':
      fold.state = 'running'
      fold.error = null
      return
    case 'run-waiting':
      fold.state = 'waiting'
      return
    case 'run-paused':
      fold.state = 'paused'
      return
    case 'run-finished':
      return finishRun(fold, event)
    case 'step-reset':
      return resetStep(fold, event.path)
    case 'effect-started':
      fold.effects.started += 1
      return
    case 'effect-finished':
      fold.effects.finished += 1
      return
    case 'budget-reserved':
      return reserve(fold, stepAt(fold, event.path), event.cost)
    case 'budget-raised':
      return raise(fold, event.limits)
    case 'effect-reconciled':
    case 'warning-noted':
    case 'page-shown':
      return
    case 'try-started':
    case 'try-finished':
    case 'try-failed':
    case 'try-uncertain':
      return advanceTry(fold, event, at)
    case 'approval-requested':
    case 'approval-answered':
    case 'wait-started':
    case 'wait-finished':
      return advanceWaiting(fold, event, at)
    case 'step-started':
    case 'step-finished':
    case 'step-skipped':
    case 'step-failed':
      return advanceStep(fold, event, at)
  }
}

type EventOf<Type extends RunEvent['type']> = Extract<RunEvent, { type: Type }>

function finishRun(fold: RunFold, event: EventOf<'run-finished'>): void {
  fold.state = event.state
  fold.outputs = event.outputs ?? null
  fold.error = event.error ? { error: event.error, path: event.errorPath ?? '' } : null
  fold.now = null
  if (fold.reserved.tokens > 0 || fold.reserved.micros > 0) for (const step of fold.steps.values()) settleInFull(fold, step)
}

function resetStep(fold: RunFold, path: string): void {
  for (const [at, step] of fold.steps) {
    if (!isWithin(at, path)) continue
    enter(fold, step, 'pending')
    settleInFull(fold, step)
    fold.steps.set(at, { ...blank(at), tries: step.tries, tool: step.tool, cost: step.cost })
  }
}

function advanceTry(fold: RunFold, event: EventOf<'try-started' | 'try-finished' | 'try-failed' | 'try-uncertain'>, at: number): void {
  const step = stepAt(fold, event.path)
  switch (event.type) {
    case 'try-started':
      enter(fold, step, 'running')
      settleInFull(fold, step) // an earlier try was cut off
      Object.assign(step, {
        tool: event.tool,
        tries: event.try,
        open: true,
        inputHash: event.inputHash,
        error: null,
        retryAt: null,
        answer: null,
      })
      step.startedAt ??= at
      fold.now = event.path
      return
    case 'try-finished':
      Object.assign(step, { open: false, output: event.output, labels: event.output.labels })
      spend(fold, step, event.cost)
      if (event.last) settle(fold, step, 'done', at)
      return
    case 'try-failed':
      Object.assign(step, { open: false, error: event.error, retryAt: event.retryAt ?? null })
      spend(fold, step, event.cost)
      return
    case 'try-uncertain':
      enter(fold, step, 'uncertain')
  }
}

function advanceWaiting(
  fold: RunFold,
  event: EventOf<'approval-requested' | 'approval-answered' | 'wait-started' | 'wait-finished'>,
  at: number,
): void {
  if (event.type === 'approval-answered') fold.state = 'running'
  if (event.path === '' && event.type !== 'wait-started') return // the preview as a whole
  const step = stepAt(fold, event.path)
  switch (event.type) {
    case 'approval-requested':
      enter(fold, step, step.state === 'uncertain' ? 'uncertain' : 'waiting')
      Object.assign(step, { approval: event.approval, answer: null })
      step.startedAt ??= at
      return
    case 'approval-answered': {
      const answer = {
        approval: event.approval,
        answer: event.answer,
        output: event.output ?? null,
        reason: event.reason ?? null,
        by: event.by,
      }
      enter(fold, step, 'pending')
      Object.assign(step, { approval: null, answer })
      return
    }
    case 'wait-started':
      enter(fold, step, 'waiting')
      Object.assign(step, { wait: { until: event.until ?? null, event: event.event ?? null, from: event.from ?? null } })
      step.startedAt ??= at
      return
    case 'wait-finished':
      Object.assign(step, { output: event.output, labels: event.output.labels, wait: null })
      settle(fold, step, 'done', at)
  }
}

function advanceStep(fold: RunFold, event: EventOf<'step-started' | 'step-finished' | 'step-skipped' | 'step-failed'>, at: number): void {
  const step = stepAt(fold, event.path)
  switch (event.type) {
    case 'step-started':
      enter(fold, step, 'running')
      Object.assign(step, { startedAt: step.startedAt ?? at, count: event.count ?? null })
      return
    case 'step-finished':
      Object.assign(step, { output: event.output, labels: event.output.labels, question: event.question ?? false })
      settle(fold, step, 'done', at)
      return
    case 'step-skipped':
      step.labels = event.labels
      settle(fold, step, 'skipped', at)
      return
    case 'step-failed':
      Object.assign(step, { error: event.error, open: false, labels: event.labels })
      settle(fold, step, event.continued ? 'continued' : 'failed', at)
  }
}

function settle(fold: RunFold, step: StepRecord, state: StepState, at: number): void {
  settleInFull(fold, step)
  enter(fold, step, state)
  step.finishedAt = at
  step.open = false
}

/** The one place where a step changes its state, so that the counts always agree with the steps. */
function enter(fold: RunFold, step: StepRecord, state: StepState): void {
  count(fold, step, -1)
  step.state = state
  count(fold, step, 1)
}

function count(fold: RunFold, { state, question }: StepRecord, by: 1 | -1): void {
  if (question) return
  if (state === 'failed' || state === 'continued') fold.failed += by
  if (state === 'done' || state === 'skipped') fold.done += by
}

function stepAt(fold: RunFold, path: string): StepRecord {
  const known = fold.steps.get(path)
  if (known) return known
  const fresh = blank(path)
  fold.steps.set(path, fresh)
  return fresh
}

function blank(path: string): StepRecord {
  return {
    path,
    state: 'pending',
    tool: null,
    tries: 0,
    open: false,
    inputHash: null,
    output: null,
    error: null,
    labels: [],
    startedAt: null,
    finishedAt: null,
    retryAt: null,
    count: null,
    approval: null,
    question: false,
    answer: null,
    wait: null,
    cost: null,
    reserved: null,
  }
}

import type { Applied, Cost, ErrorShape, Recorded, RunEvent } from '@life-os/contract'
import { nothingKnown } from '../../secrets/index.ts'
import type { RunsContext } from '../context.ts'
import type { LiveRun } from '../live.ts'
import { planPath } from '../interpreter/paths.ts'
import { recordValue } from '../record/record.ts'
import type { Ready } from './ready.ts'

export interface FailedTry {
  error: ErrorShape
  applied: Applied
  cost: Cost
}

/** A conversation that a model is told again each round is long: what is large is a blob, without known values like all that is written. */
export async function noteStart(context: RunsContext, live: LiveRun, ready: Ready, number: number, at: number): Promise<void> {
  const { path } = ready.frame
  const { store, redactor = nothingKnown } = context.deps
  const warning = paidTwice(live, path, ready.tool.title)
  if (warning) live.note(warning)
  const event: RunEvent = {
    type: 'try-started',
    path,
    try: number,
    tool: ready.tool.id,
    key: ready.key,
    input: await recordValue(store.blobs, live.id, redactor.value(ready.input), ready.labels),
    inputHash: ready.inputHash,
  }
  live.note(event, {
    kind: 'try-insert',
    row: {
      run: live.id,
      path,
      try: number,
      plan_id: live.row.plan_id,
      step: planPath(path),
      plugin: ready.tool.plugin,
      tool: ready.tool.id,
      key: ready.key,
      input_hash: ready.inputHash,
      state: 'started',
      started_at: at,
      finished_at: null,
      cost_json: null,
      error_code: null,
    },
  })
}

/** Ends a try. What was paid for is on the disk before anything goes on. */
export async function noteDone(live: LiveRun, ready: Ready, number: number, output: Recorded, cost: Cost, at: number): Promise<void> {
  const { path } = ready.frame
  const patch = { state: 'finished', finished_at: at, cost_json: JSON.stringify(cost) }
  const event: RunEvent = { type: 'try-finished', path, try: number, output, cost, last: true }
  if (cost.tokens > 0 || cost.micros > 0) await live.commit(event, { kind: 'try-update', path, try: number, patch })
  else live.note(event, { kind: 'try-update', path, try: number, patch })
}

export function noteFailure(live: LiveRun, ready: Ready, number: number, tried: FailedTry, retryAt: number | undefined): void {
  const { path } = ready.frame
  const patch = { state: 'failed', cost_json: JSON.stringify(tried.cost), error_code: tried.error.code }
  live.note(
    {
      type: 'try-failed',
      path,
      try: number,
      error: tried.error,
      applied: tried.applied,
      cost: tried.cost,
      ...(retryAt !== undefined && { retryAt }),
    },
    { kind: 'try-update', path, try: number, patch },
  )
}

/** A try that was cut off had reserved something: it may have been paid for, and now is made again. */
export function paidTwice(live: LiveRun, path: string, title: string): RunEvent | null {
  const reserved = live.fold.steps.get(path)?.reserved
  if (!reserved || (reserved.tokens <= 0 && reserved.micros <= 0)) return null
  const message = `${title} was cut off on its way and is made again. It was possibly paid twice: what it had reserved counts as spent.`
  return { type: 'warning-noted', path, code: 'possibly-paid-twice', message }
}

import { joinLabels, milliseconds, type WaitStep } from '@life-os/contract'
import { evaluate, labelsRead, type Scope } from '../../plans/index.ts'
import type { RunsContext } from '../context.ts'
import type { LiveRun } from '../live.ts'
import { SUSPENDED, failWith, valueOutcome, type Outcome } from '../interpreter/outcome.ts'
import type { Frame } from '../interpreter/world.ts'

/** Suspends until a time or an event. What it waits for is stored, so that it survives a restart; `wakes` brings it back. */
export async function waitStep(context: RunsContext, live: LiveRun, step: WaitStep, scope: Scope, frame: Frame): Promise<Outcome> {
  const { deps } = context
  const { path } = frame
  const record = live.fold.steps.get(path)
  const { wait } = step
  if (record?.wait)
    return finishIfDue(context, live, step, { ...frame, labels: joinLabels(frame.labels, labelsRead(wait, scope)) }, record.wait.until)
  const given = evaluate('for' in wait ? wait.for : 'until' in wait ? wait.until : wait.event, scope)
  const labels = joinLabels(frame.labels, given.labels)
  if (!given.known) return failWith(path, 'input-unknown', 'What to wait for is not known.', labels)
  const now = deps.clock.now()
  if ('event' in wait) {
    const until = wait.timeout ? now + milliseconds(wait.timeout) : null
    const from = await deps.events.head()
    await begin(live, path, until, String(given.value), from)
    return SUSPENDED
  }
  const until = 'for' in wait ? now + milliseconds(String(given.value)) : momentOf(given.value)
  if (Number.isNaN(until))
    return failWith(
      path,
      'wait-invalid',
      `${JSON.stringify(given.value)} is neither a duration such as 5m nor a time such as 2026-05-01T08:00:00Z.`,
      labels,
    )
  if (until <= now) return finish(live, path, now, null, labels)
  await begin(live, path, until, null, null)
  return SUSPENDED
}

async function begin(live: LiveRun, path: string, until: number | null, event: string | null, from: number | null): Promise<void> {
  await live.commit(
    { type: 'wait-started', path, ...(until !== null && { until }), ...(event !== null && { event }), ...(from !== null && { from }) },
    { kind: 'wait-insert', row: { run: live.id, path, until, event, from_seq: from } },
  )
}

function finishIfDue(context: RunsContext, live: LiveRun, step: WaitStep, frame: Frame, until: number | null): Outcome {
  const now = context.deps.clock.now()
  if (until === null || now < until) return SUSPENDED
  if ('event' in step.wait)
    return failWith(
      frame.path,
      'wait-timeout',
      `No event ${step.wait.event} came within ${step.wait.timeout ?? 'the time given'}.`,
      frame.labels,
    )
  return finish(live, frame.path, now, null, frame.labels)
}

function finish(live: LiveRun, path: string, at: number, event: unknown, labels: Frame['labels']): Outcome {
  const value = { at, event }
  live.note({ type: 'wait-finished', path, output: { value, labels: [...labels] } }, { kind: 'wait-delete', path })
  return valueOutcome(value, labels)
}

function momentOf(value: unknown): number {
  return typeof value === 'number' ? value : Date.parse(String(value))
}

import type { Run } from '@life-os/contract'
import type { Backend } from '../backend/backend.ts'
import type { RunNews } from '../backend/client.ts'
import { budgetNeeded } from '../output/budget.ts'
import { printable } from '../output/colour.ts'
import { EXIT, exitOfRun } from '../output/exit.ts'
import type { Exit } from '../output/exit.ts'
import { duration, plural, when } from '../output/units.ts'
import type { Session } from '../session.ts'

/** Waits for a run with a line that tells how far it is. */
export function follow(session: Session, backend: Backend, id: string): Promise<Run> {
  return backend.settled(id, progressLine(session.io.status.bind(session.io)))
}

export interface Pausing extends Disposable {
  add(id: string): void
}

/** From now on Ctrl-C pauses the added runs, also one that is added after it; how to go on is told with their end. */
export function pausing({ io, onInterrupt }: Session, { client }: Backend): Pausing {
  const ids = new Set<string>()
  let asked = false
  const pause = (id: string) => {
    io.note(`Pausing run ${id} after what is in flight …`)
    void client.runs.pause({ id }).catch((error: unknown) => io.note(error instanceof Error ? error.message : String(error)))
  }
  const listening = onInterrupt(() => {
    asked = true
    for (const id of ids) pause(id)
  })
  return {
    add(id) {
      ids.add(id)
      if (asked) pause(id)
    },
    [Symbol.dispose]: () => listening[Symbol.dispose](),
  }
}

function progressLine(status: (line: string) => void): (news: RunNews) => void {
  let done = 0
  let now = ''
  const started = performance.now()
  return (news) => {
    if (news.kind === 'progress') {
      const text = news.note.data['message'] ?? news.note.data['now']
      if (typeof text === 'string') now = text
    } else {
      const { event } = news.entry
      if (event.type === 'effect-started') now = event.change.summary
      if (event.type === 'effect-finished') done += 1
    }
    const seconds = (performance.now() - started) / 1000
    const rate = seconds > 1 && done > 0 ? ` · ${Math.round(done / seconds)}/s` : ''
    status(`${done > 0 ? `${plural(done, 'change')} made${rate} · ` : ''}${printable(now)}`)
  }
}

/** One sentence on how the run ended and what can be done now. */
export function ending(run: Run, session: Session): string[] {
  const { paint } = session
  const took = run.startedAt && run.finishedAt ? ` in ${duration(run.finishedAt - run.startedAt)}` : ''
  const made = `${plural(run.progress.effects, 'change')} made`
  const undo = run.undo.possible
    ? [`${paint('dim', `Undo${run.undo.until ? ` until ${when(run.undo.until)}` : ''}:`)} lifeos undo ${run.id}`]
    : []
  const onward = [`${paint('dim', 'Go on:')} lifeos runs resume ${run.id}`]
  switch (run.state) {
    case 'done':
      return [`${paint('green', '✓')} ${run.plan.name}: ${made}${took}.`, ...undo]
    case 'failed':
      return [
        `${paint('red', '✗')} ${run.plan.name} failed${run.errorPath ? ` at ${run.errorPath}` : ''}: ${printable(run.error?.message ?? 'no reason given')}`,
        `${made} before that.`,
        ...undo,
      ]
    case 'waiting':
      return [
        `${paint('amber', '…')} ${run.plan.name} waits${run.approval ? ' for an answer' : ''}.`,
        ...(run.approval ? [`${paint('dim', 'Answer:')} lifeos approve ${run.id}   or: lifeos refuse ${run.id}`] : onward),
      ]
    case 'paused':
      return [`${paint('amber', '‖')} ${run.plan.name} is paused; ${made} so far.`, ...onward, ...undo]
    case 'stopped': {
      const needed = budgetNeeded(run.error)
      if (run.error && run.error.code !== 'emergency-stop')
        return [
          `${paint('red', '■')} ${run.plan.name} stopped: ${printable(run.error.message)}`,
          `${made} so far.`,
          needed === null ? (onward[0] ?? '') : `${onward[0]} --budget "${needed}"`,
          ...undo,
        ]
      return [
        `${paint('red', '■')} ${run.plan.name} was stopped by the emergency stop; ${made} so far.`,
        `${paint('dim', 'Lift it:')} lifeos stop --lift`,
        ...onward,
        ...undo,
      ]
    }
    case 'cancelled':
      return [`${paint('red', '■')} ${run.plan.name} was cancelled; ${made} before that.`, ...undo]
    case 'previewing':
    case 'queued':
    case 'running':
      return [`${run.plan.name} goes on.`, `${paint('dim', 'Watch:')} lifeos runs watch ${run.id}`]
  }
}

/** Tells the end of a run and answers its exit code. */
export function conclude(run: Run, session: Session): Exit {
  for (const line of ending(run, session)) session.io.note(line)
  return exitOfRun(run) ?? EXIT.failed
}

import { LifeOsError } from '@life-os/contract'
import type { Budget, Run, RunState } from '@life-os/contract'
import { budgetFrom } from '../output/budget.ts'
import { printable } from '../output/colour.ts'
import { EXIT, exitOfRun } from '../output/exit.ts'
import type { Exit } from '../output/exit.ts'
import { table } from '../output/table.ts'
import { duration, plural, when } from '../output/units.ts'
import type { Command, Session } from '../session.ts'
import { runBehind } from './decide.ts'
import { conclude, ending, follow, pausing } from './follow.ts'

const TINT = {
  done: 'green',
  failed: 'red',
  waiting: 'amber',
  paused: 'amber',
  stopped: 'red',
  cancelled: 'dim',
  previewing: 'blue',
  queued: 'blue',
  running: 'blue',
} as const

export const listRuns: Command<{ state?: RunState; plan?: string; limit?: number }> = async (session, { state, plan, limit = 20 }) => {
  const { io, paint } = session
  const { client } = await session.backend()
  const page = await client.runs.list({ limit, ...(state && { state }), ...(plan !== undefined && { plan }) })
  if (io.json) io.out(JSON.stringify(page))
  else if (page.items.length === 0) io.note('No runs yet. Try: lifeos preview <plan>')
  else {
    const rows = page.items.map((run) => [
      run.id,
      paint(TINT[run.state], run.state),
      when(run.createdAt),
      changesOf(run),
      printable(run.plan.name),
    ])
    for (const line of table(rows)) io.out(line)
    if (page.next) io.note(paint('dim', `${page.items.length} of ${page.total} (--limit shows more)`))
  }
  return EXIT.done
}

export const showRun: Command<{ id: string }> = async (session, { id }) => {
  const { io, paint } = session
  const backend = await session.backend()
  const run = await runBehind(backend, id)
  const steps = await backend.client.runs.steps({ id: run.id, limit: 200 })
  if (io.json) {
    io.out(JSON.stringify({ ...run, steps: steps.items }))
    return EXIT.done
  }
  io.out(`${paint('bold', printable(run.plan.name))}  ${paint(TINT[run.state], run.state)}  ${run.id}`)
  for (const line of table(facts(run))) io.out(line)
  for (const line of table(
    steps.items.map((step) => ['  ', step.state, printable(step.path), step.error ? printable(step.error.message) : '']),
  ))
    io.out(line)
  if (steps.next) io.out(paint('dim', `  … ${steps.total} steps in all`))
  for (const line of ending(run, session)) io.out(line)
  return EXIT.done
}

function facts(run: Run): string[][] {
  return [
    ['started', when(run.createdAt), `by ${run.by.name ?? run.by.id}`],
    ['mode', run.mode],
    ['inputs', printable(JSON.stringify(run.inputs))],
    ['cost', `${duration(run.cost.time)}, ${plural(run.cost.steps, 'step')}`],
  ]
}

/** Follows a run; with `--json` one event a line. */
export const watchRun: Command<{ id: string }> = async (session, { id }) => {
  const { io } = session
  const backend = await session.backend()
  const { id: run } = await runBehind(backend, id)
  if (!io.json) {
    using _interrupt = session.onInterrupt(() => process.exit(EXIT.done)) // only the watching ends
    return conclude(
      await backend.settled(run, (news) => {
        if (news.kind === 'journal' && 'path' in news.entry.event) io.status(`${news.entry.event.type} ${printable(news.entry.event.path)}`)
      }),
      session,
    )
  }
  const ended = await backend.settled(run, (news) => io.out(JSON.stringify(news.kind === 'journal' ? news.entry : news.note)))
  return exitOfRun(ended)
}

export const cancelRun: Command<{ id: string }> = async (session, { id }) => {
  const backend = await session.backend()
  const { id: run } = await runBehind(backend, id)
  const cancelled = await backend.client.runs.cancel({ id: run })
  const ended = await backend.settled(cancelled.id)
  if (session.io.json) session.io.out(JSON.stringify(ended))
  for (const line of ending(ended, session)) session.io.note(line)
  return EXIT.done
}

const UNFINISHED: RunState[] = ['queued', 'running', 'paused', 'stopped']

/** Goes on with one run, or with all that are unfinished and wait for nobody. */
export const resumeRuns: Command<{ id?: string; budget?: string }> = async (session, { id, budget }) => {
  const { io } = session
  if (budget !== undefined && id === undefined)
    throw new LifeOsError('input-invalid', '--budget is for one run: say which. See `lifeos runs`.')
  const more = budget === undefined ? undefined : budgetFrom(budget)
  const backend = await session.backend()
  const runs = id === undefined ? await unfinished(session) : [await runBehind(backend, id)]
  if (runs.length === 0) io.note('Nothing is unfinished.')
  const ended = await Promise.all(runs.map((run) => resumeOne(session, run, more)))
  if (io.json) io.out(JSON.stringify(id === undefined ? ended.map(({ run }) => run) : ended[0]?.run))
  return worst(ended.map(({ exit }) => exit))
}

async function resumeOne(session: Session, before: Run, budget?: Budget): Promise<{ run: Run; exit: Exit }> {
  const backend = await session.backend()
  using going = pausing(session, backend)
  going.add(before.id)
  await backend.client.runs.resume({ id: before.id, ...(budget && { budget }) })
  const run = await follow(session, backend, before.id)
  return { run, exit: conclude(run, session) }
}

async function unfinished(session: Session): Promise<Run[]> {
  const { client } = await session.backend()
  const found: Run[] = []
  for (let cursor: string | undefined, more = true; more;) {
    const page = await client.runs.list({ state: UNFINISHED, limit: 200, ...(cursor !== undefined && { cursor }) })
    found.push(...page.items)
    cursor = page.next ?? undefined
    more = page.next !== null
  }
  return found
}

/** A failure tells more than a question that is open, and that more than success. */
function worst(exits: readonly Exit[]): Exit {
  const order: Exit[] = [EXIT.failed, EXIT.refused, EXIT.stopped, EXIT.waiting]
  return order.find((exit) => exits.includes(exit)) ?? EXIT.done
}

/** What was done, or what a run that waits would do. */
function changesOf(run: Run): string {
  if (run.progress.effects > 0 || run.state !== 'waiting' || !run.totals) return plural(run.progress.effects, 'change')
  return `${plural(run.totals.changes, 'change')} shown`
}

import { LifeOsError } from '@life-os/contract'
import type { Mode, StartRun } from '@life-os/contract'
import { exitOfRun, EXIT } from '../output/exit.ts'
import type { Exit } from '../output/exit.ts'
import type { Command, Session } from '../session.ts'
import { decideAndFollow, showPreview } from './decide.ts'
import type { DecideOptions } from './decide.ts'
import { conclude, pausing } from './follow.ts'
import { inputsFrom, namedPlan } from './inputs.ts'

export interface PlanOptions {
  plan: string
  input: string[]
}
export interface RunOptions extends PlanOptions, DecideOptions {
  mode?: Mode
  allow?: string[]
}

/** Shows what a plan would change. The run stays, waiting for its approval. */
export const preview: Command<PlanOptions & { all?: boolean; allow?: string[] }> = async (session, options) => {
  const { io, paint } = session
  const { client } = await session.backend()
  const { plan, reference } = await namedPlan(client, options.plan)
  const made = await client.runs.preview({ plan: reference, inputs: inputsFrom(options.input, plan), allow: options.allow ?? [] })
  if (io.json) io.out(JSON.stringify(made))
  else {
    showPreviewOut(session, made.preview, options.all)
    if (made.run.approval) io.note(`${paint('dim', 'Do it:')} lifeos approve ${made.run.id}`)
  }
  if (made.run.state === 'failed') return exitOfRun(made.run)
  return made.preview.summary.failed ? EXIT.failed : EXIT.done
}

/** A preview is the command's own answer here, so it goes where answers go. */
function showPreviewOut(session: Parameters<typeof preview>[0], made: Parameters<typeof showPreview>[1], all: boolean | undefined): void {
  showPreview({ ...session, io: { ...session.io, note: session.io.out.bind(session.io) } }, made, all)
}

/** Runs a plan: its id first, then the preview, the question, the work and the end. */
export const run: Command<RunOptions> = async (session, options) => {
  const { client } = await session.backend()
  const { plan, reference } = await namedPlan(client, options.plan)
  const mode = options.mode ?? (await client.settings.get()).mode
  return runAndConclude(session, { plan: reference, inputs: inputsFrom(options.input, plan), mode, allow: options.allow ?? [] }, options)
}

/** Starts a run and goes with it to its end: preview, question, work. `more` is told with it as JSON. */
export async function runAndConclude(
  session: Session,
  request: Partial<StartRun> & Pick<StartRun, 'plan'>,
  options: DecideOptions,
  more: Record<string, unknown> = {},
): Promise<Exit> {
  const { io } = session
  const backend = await session.backend()
  const { client } = backend
  using going = pausing(session, backend)
  const started = await client.runs.start(request)
  going.add(started.id)
  if (!io.json) io.out(started.id)
  const ended = await decideAndFollow(session, backend, started, options)
  if (io.json) {
    const { outputs } = await client.runs.outputs({ id: ended.id })
    io.out(JSON.stringify({ ...ended, outputs, ...more }))
  }
  return conclude(ended, session)
}

export interface UndoOptions extends DecideOptions {
  run: string
  conflicts?: 'skip' | 'overwrite' | 'keep-both'
  /** Leaves what the plans did that the run started. */
  alone?: boolean
}

/** Undoes a run. On a terminal its changes are shown and asked for; elsewhere asking for it is the approval. */
export const undo: Command<UndoOptions> = async (session, { run: id, conflicts = 'skip', alone, ...options }) => {
  const { io } = session
  const backend = await session.backend()
  const { client } = backend
  const asks = io.canAsk && !options.yes
  const what = { id, conflicts, ...(alone && { children: false }) }
  using going = pausing(session, backend)
  const started = asks ? (await client.runs.undoPreview(what)).run : await client.runs.undo({ ...what, yes: true })
  going.add(started.id)
  if (!io.json) io.out(started.id)
  const ended = await decideAndFollow(session, backend, started, options)
  if (io.json) io.out(JSON.stringify(ended))
  return conclude(ended, session)
}

export function modeOf(text: string): Mode {
  if (text === 'observe' || text === 'draft' || text === 'autopilot') return text
  throw new LifeOsError('input-invalid', `--mode ${text}: choose observe, draft or autopilot.`)
}

import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { LifeOsError } from '@life-os/contract'
import type { Mode, Plan, Proposal } from '@life-os/contract'
import type { Client } from '../backend/client.ts'
import { EXIT } from '../output/exit.ts'
import type { Command, Session } from '../session.ts'
import type { DecideOptions } from './decide.ts'
import { absolute, inputsFrom, valueOf } from './inputs.ts'
import { proposalLines } from './proposal-lines.ts'
import { runAndConclude } from './run.ts'

export interface DoOptions extends DecideOptions {
  goal: string
  mode?: Mode
  /** Without any model. */
  rules?: boolean
  model?: string
  input?: string[]
  allow?: string[]
  /** Keeps the plan as a workflow under this id. */
  save?: string
}

/** From a goal to a plan that is shown, asked about where something is missing, previewed, approved and done. */
export const doGoal: Command<DoOptions> = async (session, options) => {
  const { io } = session
  const { client } = await session.backend()
  const mode = options.mode ?? (await client.settings.get()).mode
  const by = options.rules ? 'rules' : 'auto'
  if (!options.rules) io.status('Looking for a plan …')
  const proposal = await client.planner.propose({
    goal: wholePaths(options.goal),
    mode,
    by,
    ...(options.model !== undefined && { model: options.model }),
  })
  return goOn(session, client, proposal, { ...options, mode })
}

/** Another way for what a run that ended early left undone. */
export const replan: Command<Omit<DoOptions, 'goal'> & { run: string; hint?: string }> = async (session, { run, hint, ...options }) => {
  const { client } = await session.backend()
  const proposal = await client.planner.replan({ run, ...(hint !== undefined && { hint }) })
  return goOn(session, client, proposal, { ...options, goal: proposal.goal })
}

async function goOn(session: Session, client: Client, proposal: Proposal, options: DoOptions): ReturnType<Command> {
  const { io, paint } = session
  for (const line of proposalLines(proposal, paint, homedir())) io.note(line)
  const { plan } = proposal
  if (!plan || proposal.faults.length > 0) {
    if (io.json) io.out(JSON.stringify({ proposal, run: null }))
    return EXIT.failed
  }
  const inputs = await complete(session, proposal, plan, options.input ?? [])
  if (!inputs) {
    if (io.json) io.out(JSON.stringify({ proposal, run: null }))
    return EXIT.usage
  }
  const saved = options.save === undefined ? null : await save(session, client, plan, options.save)
  const reference = saved ?? proposal.planId ?? plan
  return runAndConclude(
    session,
    { plan: reference, inputs, ...(options.mode && { mode: options.mode }), allow: options.allow ?? [] },
    options,
    { proposal },
  )
}

/** The inputs whole: what was understood, what `--input` says, and on a terminal what is asked. Null where something is missing. */
async function complete(
  { io }: Session,
  proposal: Proposal,
  plan: Plan,
  pairs: readonly string[],
): Promise<Record<string, unknown> | null> {
  const inputs = { ...proposal.inputs, ...inputsFrom(pairs, plan) }
  const missing = proposal.missing.filter(({ name }) => !Object.hasOwn(inputs, name))
  for (const { name, question, input, near } of missing) {
    const said = io.canAsk ? (await io.ask(`${question} ${near === undefined ? '' : '[Enter: yes] '}`)).trim() : ''
    if (said !== '' && !(near !== undefined && /^y(es)?$/i.test(said))) inputs[name] = valueOf(name, said, input, undefined)
    else if (io.canAsk && near !== undefined) inputs[name] = near
  }
  const left = missing.filter(({ name }) => !Object.hasOwn(inputs, name))
  for (const { name, question, near } of left)
    io.note(`Missing: ${question}  Say it with: --input ${name}=${near === undefined ? '…' : quoted(near)}`)
  return left.length === 0 ? inputs : null
}

/** As a shell takes it for one word. */
const quoted = (path: string): string => (/^[\w./~-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`)

async function save({ io }: Session, client: Client, plan: Plan, id: string): Promise<string> {
  const { plan: saved } = await client.plans.save({ plan: { ...plan, id } })
  io.note(`Saved as the workflow “${saved.id}”, version ${saved.version}.`)
  return saved.id
}

/** Where the command stands is known only here: `.`, `./x` and `../x` become whole paths, and so does `x/y` where it is there. */
export function wholePaths(goal: string): string {
  if (goal.trim() === '') throw new LifeOsError('input-invalid', 'Say what should be done, for example: lifeos do "tidy ~/Downloads".')
  const whole = (path: string): string => absolute(path).replaceAll(' ', '\\ ')
  return goal
    .replaceAll(/(?<=^|\s)\.{1,2}(?:\/[^\s"']*)?(?=\s|$)/g, whole)
    .replaceAll(/(?<=^|\s)[^\s"'/~:.][^\s"':]*\/[^\s"':]*(?=\s|$)/g, (path) => (existsSync(resolve(path)) ? whole(path) : path))
}

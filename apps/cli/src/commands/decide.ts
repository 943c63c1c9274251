import { homedir } from 'node:os'
import { LifeOsError, byDanger, describePermission } from '@life-os/contract'
import type { ApprovalDetail, Preview, Run } from '@life-os/contract'
import type { Backend } from '../backend/backend.ts'
import { printable } from '../output/colour.ts'
import { previewTree } from '../output/tree.ts'
import { plural } from '../output/units.ts'
import type { Session } from '../session.ts'
import { answerQuestion } from './answer-question.ts'
import { follow } from './follow.ts'

export interface DecideOptions {
  yes?: boolean
  yesFinal?: boolean
  except?: string[]
  all?: boolean
  remember?: 'no' | 'run' | 'always'
  /** What to remember, of what is offered. */
  permission?: string[]
}

export function showPreview(session: Session, preview: Preview, all = false): void {
  const lines = previewTree(preview, { paint: session.paint, home: homedir(), ...(all && { most: Number.POSITIVE_INFINITY }) })
  for (const line of lines) session.io.note(line)
}

/** What a person decides about a waiting approval: with `--yes` at once, on a terminal by asking, else not at all. */
export async function decide(session: Session, backend: Backend, run: Run, options: DecideOptions): Promise<Run> {
  const { client } = backend
  if (run.state !== 'waiting' || run.approval === null) return run
  let approval = await client.approvals.get({ id: run.approval })
  if (approval.kind === 'preview' && options.except && options.except.length > 0) {
    approval = await client.approvals.untick({ id: approval.id, except: [], exceptGlobs: options.except })
  }
  describe(session, approval, options.all)
  if (approval.kind === 'question') return answerQuestion(session, backend, run, approval)
  const answer = await decision(session, approval, options)
  if (answer.word === 'later') return run
  if (answer.word === 'refuse')
    return client.approvals.answer({ id: approval.id, answer: 'refuse', hash: approval.hash, ...kept(answer.remember, options) })
  const final = finalChanges(approval)
  const leftOut = options.yesFinal || answer.word === 'approve-final' ? [] : final
  if (leftOut.length > 0) session.io.note(`Leaving out ${plural(leftOut.length, 'final effect')} (--yes-final includes them).`)
  return client.approvals.answer({
    id: approval.id,
    answer: 'approve',
    hash: approval.hash,
    except: leftOut,
    final: leftOut.length === 0 && final.length > 0,
    ...kept(answer.remember, options),
  })
}

/** Decides and follows until the run ends or a question stays open. */
export async function decideAndFollow(session: Session, backend: Backend, start: Run, options: DecideOptions): Promise<Run> {
  let run = start
  for (;;) {
    if (run.state === 'previewing' || run.state === 'queued' || run.state === 'running') run = await follow(session, backend, run.id)
    if (run.state !== 'waiting' || run.approval === null) return run
    const asked = run.approval
    const answered = await decide(session, backend, run, options)
    if (answered.state === 'waiting' && answered.approval === asked) return answered
    run = answered
  }
}

function describe(session: Session, approval: ApprovalDetail, all: boolean | undefined): void {
  const { io, paint } = session
  if (approval.kind !== 'preview') io.note(`${paint('bold', printable(approval.title))}\n${printable(approval.message)}`)
  for (const line of needLines(approval, paint)) io.note(line)
  if (approval.preview) showPreview(session, approval.preview, all)
  if (approval.offers.length > 0) {
    io.note(paint('dim', '“Always here” can remember, for this plan:'))
    for (const { permission, title } of approval.offers) io.note(`  ${printable(title)}  ${paint('dim', printable(permission))}`)
  }
}

/** What is asked for, in plain words, most dangerous first; a missing secret with the command that sets it. */
function needLines(approval: ApprovalDetail, paint: Session['paint']): string[] {
  const needs = byDanger(approval.needs.map(({ kind, resource }) => ({ permission: `${kind}:${resource}`, kind, resource })))
  return needs.map(({ permission, kind, resource }) => {
    if (approval.kind === 'secret' && kind.startsWith('secret.')) {
      return `${paint('amber', '⚠')} The secret “${printable(resource)}” is missing. Set it with: lifeos secret set ${printable(resource)}   then approve.`
    }
    const { title, danger } = describePermission(permission, { home: homedir() })
    return `${paint(danger > 1 ? 'red' : 'amber', '⚠')} ${printable(title)}  ${paint('dim', printable(permission))}`
  })
}

const finalChanges = (approval: ApprovalDetail): string[] =>
  approval.preview?.changes.filter(({ change }) => change.reversal === 'none').map(({ id }) => id) ?? []

type Remember = NonNullable<DecideOptions['remember']>
interface Answer {
  word: 'approve' | 'approve-final' | 'refuse' | 'later'
  remember: Remember
}

/** How long an answer holds, as the API takes it. */
function kept(remember: Remember, { permission }: DecideOptions) {
  return { remember, ...(permission && remember !== 'no' && { permissions: permission }) }
}

async function decision(session: Session, approval: ApprovalDetail, options: DecideOptions): Promise<Answer> {
  const remember = options.remember ?? 'no'
  if (approval.kind === 'uncertain' || approval.kind === 'error') return { word: 'later', remember } // these want another word than yes
  if (options.yes || options.yesFinal) return { word: 'approve', remember }
  if (!session.io.canAsk) return { word: 'later', remember }
  const final = finalChanges(approval).length
  const { question, keys } = keysFor(approval, final)
  const text = (await session.io.ask(question)).trim()
  const answer = keys[text] ?? keys[text.toLowerCase()] ?? { word: 'later', remember: 'no' }
  return answer.remember === 'no' ? { ...answer, remember } : answer
}

/** Once, for this run, always here, deny, deny always: each with its key, and only those that the question takes. */
function keysFor(approval: ApprovalDetail, final: number): { question: string; keys: Record<string, Answer> } {
  const yes = { word: 'approve', remember: 'no' } as const
  const no = { word: 'refuse', remember: 'no' } as const
  const always = approval.offers.length > 0
  const perRun = approval.needs.length > 0
  const parts = [
    final > 0 ? `[o]nce without the ${plural(final, 'final effect')}` : '[o]nce',
    final > 0 && '[f]inal too',
    perRun && 'for this [r]un',
    always && '[a]lways here',
    '[d]eny',
    always && '[D]eny always',
    '[l]ater',
  ]
  const keys: Record<string, Answer> = {
    o: yes,
    once: yes,
    y: yes,
    yes,
    d: no,
    deny: no,
    n: no,
    no,
    refuse: no,
    ...(final > 0 && { f: { word: 'approve-final', remember: 'no' } as const }),
    ...(perRun && { r: { word: 'approve', remember: 'run' } as const }),
    ...(always && { a: { word: 'approve', remember: 'always' } as const, D: { word: 'refuse', remember: 'always' } as const }),
  }
  return { question: `Allow? ${parts.filter(Boolean).join(', ')}: `, keys }
}

/** The run that an id on the command line means: a run's own, or that of an approval. */
export async function runBehind(backend: Backend, id: string): Promise<Run> {
  try {
    return await backend.client.runs.get({ id })
  } catch (error) {
    if (!(error instanceof LifeOsError) || error.code !== 'run-unknown') throw error
    const approval = await backend.client.approvals.get({ id }).catch(() => {
      throw error
    })
    return backend.client.runs.get({ id: approval.run })
  }
}

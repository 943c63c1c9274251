import { homedir } from 'node:os'
import { LifeOsError } from '@life-os/contract'
import type { ApprovalDetail, Preview, Run } from '@life-os/contract'
import type { Backend } from '../backend/backend.ts'
import { printable } from '../output/colour.ts'
import { previewTree } from '../output/tree.ts'
import { plural } from '../output/units.ts'
import type { Session } from '../session.ts'
import { follow } from './follow.ts'

export interface DecideOptions {
  yes?: boolean
  yesFinal?: boolean
  except?: string[]
  all?: boolean
  remember?: 'no' | 'run' | 'always'
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
  const answer = await decision(session, approval, options)
  if (answer === 'later') return run
  if (answer === 'refuse') return client.approvals.answer({ id: approval.id, answer: 'refuse', hash: approval.hash })
  const final = finalChanges(approval)
  const leftOut = options.yesFinal || answer === 'approve-final' ? [] : final
  if (leftOut.length > 0) session.io.note(`Leaving out ${plural(leftOut.length, 'final effect')} (--yes-final includes them).`)
  return client.approvals.answer({
    id: approval.id,
    answer: 'approve',
    hash: approval.hash,
    except: leftOut,
    final: leftOut.length === 0 && final.length > 0,
    remember: options.remember ?? 'no',
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
  if (approval.preview) showPreview(session, approval.preview, all)
}

const finalChanges = (approval: ApprovalDetail): string[] =>
  approval.preview?.changes.filter(({ change }) => change.reversal === 'none').map(({ id }) => id) ?? []

type Answer = 'approve' | 'approve-final' | 'refuse' | 'later'

async function decision(session: Session, approval: ApprovalDetail, options: DecideOptions): Promise<Answer> {
  if (approval.kind === 'uncertain' || approval.kind === 'error') return 'later' // these want another word than yes
  if (options.yes || options.yesFinal) return 'approve'
  if (!session.io.canAsk) return 'later'
  const final = finalChanges(approval).length
  const question =
    final > 0
      ? `Approve? [y]es without the ${plural(final, 'final effect')}, [f]inal too, [r]efuse, [l]ater: `
      : 'Approve? [y]es, [r]efuse, [l]ater: '
  const text = (await session.io.ask(question)).trim().toLowerCase()
  if (text === 'f' || text === 'final') return final > 0 ? 'approve-final' : 'later'
  if (text === 'y' || text === 'yes') return 'approve'
  return text === 'r' || text === 'refuse' || text === 'n' || text === 'no' ? 'refuse' : 'later'
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

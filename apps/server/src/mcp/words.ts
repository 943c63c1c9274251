import type { ApprovalDetail } from '@life-os/contract'

/** Of a preview's changes a client is told this many. */
const SHOWN = 40

/** What a run asks, as a client passes it on to its person. */
export interface Question {
  approval: string
  hash: string
  kind: ApprovalDetail['kind']
  title: string
  message: string
  changes: string[]
  /** Of how many. */
  of: number
  /** Of those, what cannot be taken back. */
  final: number
  needs: string[]
  /** What it is about is private and told to no client: a person reads and answers it in Life-OS. */
  withheld?: true
}

export function questionOf(approval: ApprovalDetail, withheld = false): Question {
  if (withheld) {
    const { id, hash, kind } = approval
    const message = 'What is asked here is private. The person reads and answers it in Life-OS.'
    return { approval: id, hash, kind, title: 'A private question', message, changes: [], of: 0, final: 0, needs: [], withheld }
  }
  const { preview } = approval
  const changes = preview?.changes ?? []
  const needs = [
    ...approval.needs.map(({ kind, resource }) => `${kind}:${resource}`),
    ...(preview?.summary.needs.map(({ permission }) => permission) ?? []),
  ]
  return {
    approval: approval.id,
    hash: approval.hash,
    kind: approval.kind,
    title: approval.title,
    message: approval.message,
    changes: changes.slice(0, SHOWN).map(({ change }) => change.summary),
    of: preview?.summary.totals.changes ?? changes.length,
    final: preview?.summary.totals.final ?? 0,
    needs: [...new Set(needs)],
  }
}

/** The same words for a form that a client shows. */
export function wordsOf({ title, message, changes, of, final, needs }: Question): string {
  const lines = [title, message, ...changes.map((change) => `• ${change}`)]
  if (of > changes.length) lines.push(`… and ${of - changes.length} more`)
  if (needs.length > 0) lines.push(`It needs: ${needs.join(', ')}`)
  if (final > 0) lines.push(`${final} of these cannot be taken back.`)
  return lines.filter((line) => line !== '').join('\n')
}

/** Questions that a plain yes or no answers. */
export const isYesOrNo = ({ kind, withheld }: Pick<Question, 'kind' | 'withheld'>): boolean =>
  !withheld && (kind === 'preview' || kind === 'permission' || kind === 'drift' || kind === 'step')

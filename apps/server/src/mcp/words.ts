import { diffLines, unshownWords } from '@life-os/contract'
import type { ApprovalDetail, PreviewChange } from '@life-os/contract'

/** Of a preview's changes a client is told this many. */
const SHOWN = 40
/** Of the texts that are written, so many characters of each and of all. */
const TEXT = { each: 2000, all: 8000 }

/** What a run asks, as a client passes it on to its person. */
export interface Question {
  approval: string
  hash: string
  kind: ApprovalDetail['kind']
  title: string
  message: string
  changes: string[]
  /** What is written into the files among them, or why it is not told. */
  texts?: { path: string; text: string }[]
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
    ...textsOf(changes.slice(0, SHOWN)),
    of: preview?.summary.totals.changes ?? changes.length,
    final: preview?.summary.totals.final ?? 0,
    needs: [...new Set(needs)],
  }
}

/** What could move a cursor or turn a line around in a client's form. */
const UNSEEN = /[\p{Bidi_Control}\p{Zl}\p{Zp}]|[^\P{Cc}\n\t]/gu

function textsOf(changes: readonly PreviewChange[]): Pick<Question, 'texts'> {
  const texts: { path: string; text: string }[] = []
  let left = TEXT.all
  for (const { change } of changes) {
    if (change.kind !== 'file-write') continue
    const words = unshownWords(change, change.bytes === undefined ? null : `${change.bytes} bytes`)
    const whole =
      words ??
      diffLines(change.diff ?? '')
        .join('\n')
        .replace(UNSEEN, '\u{fffd}')
    const text = whole.slice(0, Math.min(TEXT.each, left))
    left -= text.length
    texts.push({ path: change.path, text: text.length < whole.length ? `${text}… (the whole is in Life-OS)` : text })
  }
  return texts.length === 0 ? {} : { texts }
}

/** The same words for a form that a client shows. */
export function wordsOf({ title, message, changes, texts = [], of, final, needs }: Question): string {
  const lines = [title, message, ...changes.map((change) => `• ${change}`)]
  for (const { path, text } of texts) lines.push(`${path}:`, ...text.split('\n').map((line) => `    ${line}`))
  if (of > changes.length) lines.push(`… and ${of - changes.length} more`)
  if (needs.length > 0) lines.push(`It needs: ${needs.join(', ')}`)
  if (final > 0) lines.push(`${final} of these cannot be taken back.`)
  return lines.filter((line) => line !== '').join('\n')
}

/** Questions that a plain yes or no answers. */
export const isYesOrNo = ({ kind, withheld }: Pick<Question, 'kind' | 'withheld'>): boolean =>
  !withheld && (kind === 'preview' || kind === 'permission' || kind === 'drift' || kind === 'step')

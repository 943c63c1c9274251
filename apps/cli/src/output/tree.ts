import { basename, dirname } from 'node:path'
import { diffLines, unshownWords } from '@life-os/contract'
import type { Change, ChangeTotals, LabelSource, Preview, PreviewChange } from '@life-os/contract'
import { printable } from './colour.ts'
import type { Paint } from './colour.ts'
import { bytes, plural } from './units.ts'

export interface TreeOptions {
  paint: Paint
  /** Lines a folder shows before it says how many more there are. */
  most?: number
  home?: string
}

/** The changes of a preview by the folder they act in, each on a line, final ones marked in words, then the summary. */
export function previewTree(preview: Preview, options: TreeOptions): string[] {
  const { paint, most = 20 } = options
  const short = shortener(options.home)
  const groups = Map.groupBy(preview.changes, ({ change }) => placeOf(change))
  const lines: string[] = []
  const text = most === Number.POSITIVE_INFINITY ? { left: most, each: most } : { left: 60, each: 12 }
  for (const [place, changes] of [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    lines.push(`${paint('bold', printable(short(place)))}  ${paint('dim', `(${changes.length})`)}`)
    const shown = changes.slice(0, most)
    const rest = changes.length - shown.length
    shown.forEach((change, index) => {
      const isLast = index === shown.length - 1 && rest === 0
      lines.push(`${isLast ? '└' : '├'} ${changeLine(change, place, short, paint)}`)
      if (change.change.kind === 'file-write')
        lines.push(...textLines(change.change, text, paint).map((line) => `${isLast ? ' ' : '│'}   ${line}`))
    })
    if (rest > 0) lines.push(paint('dim', `└ … and ${rest.toLocaleString('en')} more (--all shows them)`))
  }
  return [
    ...lines,
    ...labelLines(preview.summary.labels, short, paint),
    ...notes(preview, paint),
    summaryLine(preview.summary.totals, paint),
  ]
}

/** What is written, line by line, or why it is not shown: `each` lines of a file, and as many as are `left` in all. */
function textLines(change: Extract<Change, { kind: 'file-write' }>, text: { left: number; each: number }, paint: Paint): string[] {
  const words = unshownWords(change, change.bytes === undefined ? null : bytes(change.bytes))
  if (words !== null) return change.unshown === undefined && change.diff === undefined ? [] : [paint('dim', printable(words))]
  const lines = diffLines(change.diff ?? '')
  const shown = lines.slice(0, Math.min(text.each, text.left))
  text.left -= shown.length
  const more = lines.length - shown.length
  return [
    ...shown.map((line) =>
      paint(line.startsWith('+') ? 'green' : line.startsWith('-') ? 'red' : 'dim', printable(line.replaceAll('\t', '  '))),
    ),
    ...(more > 0 ? [paint('dim', `… ${plural(more, 'more line')} (--all shows them)`)] : []),
  ]
}

function placeOf(change: Change): string {
  switch (change.kind) {
    case 'file-move':
    case 'file-copy':
      return dirname(change.to)
    case 'file-write':
    case 'file-remove':
    case 'folder-make':
      return dirname(change.path)
    case 'request-send':
    case 'page-act':
      return URL.parse(change.url)?.origin ?? 'the network'
    case 'command-run':
      return change.cwd ?? 'commands'
    case 'effect-restore':
      return 'earlier effects'
  }
}

function changeLine({ change, labels }: PreviewChange, place: string, short: (path: string) => string, paint: Paint): string {
  const marks = [
    change.clash ? paint('amber', '⚠ clash, renamed') : '',
    change.unknown ? paint('violet', 'known after apply') : '',
    labels.length > 0 ? paint('violet', labels.join(', ')) : '',
    change.reversal === 'none' ? paint('inverse', paint('red', ' FINAL: cannot be undone ')) : '',
    change.reversal === 'compensate' ? paint('amber', 'undone by its opposite') : '',
  ].filter(Boolean)
  return [described(change, place, short, paint), ...marks].join('  ')
}

function described(change: Change, place: string, short: (path: string) => string, paint: Paint): string {
  const name = (path: string) => printable(basename(path))
  const from = (path: string, to: string) =>
    paint(
      'dim',
      `from ${printable(dirname(path) === place ? basename(path) : basename(path) === basename(to) ? short(dirname(path)) : short(path))}`,
    )
  switch (change.kind) {
    case 'file-move':
      return `${paint('amber', '→')} ${name(change.to)}  ${from(change.from, change.to)}`
    case 'file-copy':
      return `${paint('green', '+')} ${name(change.to)}  ${paint('dim', 'copy')} ${from(change.from, change.to)}`
    case 'file-write':
      return `${change.before ? paint('amber', '~') : paint('green', '+')} ${name(change.path)}${change.bytes === undefined ? '' : paint('dim', `  ${bytes(change.bytes)}`)}`
    case 'file-remove':
      return `${paint('red', '-')} ${name(change.path)}  ${paint('dim', 'to the trash')}`
    case 'folder-make':
      return `${paint('green', '+')} ${name(change.path)}/`
    case 'request-send':
      return `${paint('blue', '⇢')} ${printable(change.method)} ${printable(change.url)}`
    case 'command-run':
      return `${paint('blue', '$')} ${printable([change.program, ...change.args].join(' '))}`
    case 'page-act':
      return `${paint('blue', '☞')} ${printable(change.summary)}${fieldWords(change.fields)}`
    case 'effect-restore':
      return `${paint('amber', '↺')} ${printable(change.summary)}`
  }
}

/** Sources a line names before it says how many more there are. */
const SOURCES = 3

/** `private (from ~/Taxes)`: what in this preview is labelled, and why. */
function labelLines(sources: readonly LabelSource[], short: (path: string) => string, paint: Paint): string[] {
  return [...Map.groupBy(sources, (source) => source.label)].map(([label, of]) => {
    const from = of.slice(0, SOURCES).map((source) => printable(short(source.from)))
    const more = of.length > SOURCES ? ` and ${of.length - SOURCES} more` : ''
    return paint('violet', `${label} (from ${from.join(', ')}${more})`)
  })
}

function notes({ summary, steps }: Preview, paint: Paint): string[] {
  const failed = steps.filter((step) => step.state === 'failed')
  return [
    ...failed.map((step) => paint('red', `✗ ${step.path}: ${printable(step.error?.message ?? step.note ?? 'failed')}`)),
    ...steps
      .filter((step) => step.state === 'unknown')
      .map((step) => paint('violet', `? ${step.path}: ${printable(step.note ?? 'known after apply')}`)),
    ...summary.warnings.map((warning) => paint('amber', `⚠ ${printable(warning.message)}`)),
    ...summary.needs.map((need) => paint('amber', `⚠ needs ${printable(need.permission)} (${need.plugin})`)),
    ...(summary.budget.enough ? [] : [paint('red', `✗ ${summary.budget.message ?? 'The budget will not suffice.'}`)]),
  ]
}

/** One line a person can decide by. */
export function summaryLine(totals: ChangeTotals, paint: Paint): string {
  if (totals.changes === 0) return paint('bold', 'Nothing would change.')
  const parts = [
    plural(totals.changes, 'change'),
    totals.files > 0 && plural(totals.files, 'file'),
    totals.folders > 0 && plural(totals.folders, 'new folder'),
    totals.clashes > 0 && paint('amber', `${plural(totals.clashes, 'clash', 'clashes')} renamed`),
    totals.requests > 0 && plural(totals.requests, 'request'),
    totals.conflicts > 0 && paint('red', plural(totals.conflicts, 'conflict')),
    totals.unknown > 0 && paint('violet', `${totals.unknown} known after apply`),
    totals.bytes > 0 && bytes(totals.bytes),
    totals.money && `${(totals.money.micros / 1e6).toFixed(2)} ${totals.money.currency}`,
    totals.final > 0 ? paint('red', `${totals.final} FINAL`) : 'nothing final',
  ]
  return paint('bold', parts.filter(Boolean).join(' · '))
}

const shortener =
  (home: string | undefined) =>
  (path: string): string =>
    home && (path === home || path.startsWith(`${home}/`)) ? `~${path.slice(home.length)}` : path

/** What a form would send: each field as it stands on the page. */
function fieldWords(fields: readonly { label: string; name: string; value: string }[]): string {
  const shown = fields.filter(({ value }) => value !== '').map(({ label, name, value }) => `${label || name}: ${value}`)
  return shown.length === 0 ? '' : printable(` (${shown.join(', ')})`)
}

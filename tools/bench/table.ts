import type { Result, Verdict } from './figure.ts'
import { shown, targetText } from './figure.ts'

const HEAD = ['figure', 'measured', 'floor', 'target', 'verdict'] as const

export function rowOf(result: Result): string[] {
  const { target, measured } = result
  const unit = target?.unit ?? 'ms'
  const floor = measured?.floor ? `${shown(measured.floor.value, unit)} (${measured.floor.what})` : '—'
  return [result.title, measured ? shown(measured.value, unit) : '—', floor, targetText(target), verdictText(result.verdict)]
}

export function verdictText(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'met':
      return 'met'
    case 'missed':
      return `missed: ${verdict.by}`
    case 'information':
      return '—'
    case 'not-built':
      return 'not built'
    case 'failed':
      return `could not be measured: ${verdict.message}`
  }
}

/** For a terminal: columns as wide as their widest cell. */
export function plainTable(results: readonly Result[]): string {
  const rows = [[...HEAD], ...results.map(rowOf)]
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

export function markdownTable(results: readonly Result[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(HEAD), line(HEAD.map(() => '---')), ...results.map((result) => line(rowOf(result)))].join('\n')
}

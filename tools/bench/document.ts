import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Result } from './figure.ts'
import { verdictText, markdownTable } from './table.ts'
import type { Machine } from './machine.ts'
import { ROOT } from './places.ts'

const FILE = join(ROOT, 'docs', 'benchmarks.md')
const BEGIN = '<!-- measured: begin -->'
const END = '<!-- measured: end -->'

/** Replaces the measured part of docs/benchmarks.md and leaves the words around it. */
export function writeDocument(results: readonly Result[], machine: Machine): void {
  const before = readFileSync(FILE, 'utf8')
  const start = before.indexOf(BEGIN)
  const end = before.indexOf(END)
  if (start < 0 || end < start) throw new Error(`docs/benchmarks.md has lost its marks ${BEGIN} and ${END}`)
  writeFileSync(FILE, `${before.slice(0, start + BEGIN.length)}\n\n${measuredPart(results, machine)}\n\n${before.slice(end)}`)
}

export function measuredPart(results: readonly Result[], machine: Machine): string {
  const { cores, model, memory, system, node, load, at } = machine
  const busy = load > 1 ? ` The machine was busy with other work (load ${load} on ${cores} cores), so a quiet one does better.` : ''
  return [
    `Measured on ${at}: ${cores} cores (${model}), ${memory} of memory, ${system}, Node ${node}.${busy}`,
    markdownTable(results),
    '## What was done',
    results
      .filter(({ measured }) => measured)
      .map(({ title, measured }) => `- **${title}**: ${measured?.note ?? ''}.`)
      .join('\n'),
    '## What is missed, and why',
    missedLines(results),
  ].join('\n\n')
}

function missedLines(results: readonly Result[]): string {
  const missed = results.filter(({ verdict }) => verdict.kind !== 'met' && verdict.kind !== 'information')
  if (missed.length === 0) return 'Nothing.'
  return missed
    .map(
      ({ title, verdict, why }) => `- **${title}**: ${verdictText(verdict)}.${verdict.kind === 'missed' && why !== null ? ` ${why}` : ''}`,
    )
    .join('\n')
}

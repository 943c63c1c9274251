import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { writeDocument } from './document.ts'
import { judge } from './figure.ts'
import type { Figure, Result } from './figure.ts'
import { FIGURES } from './figures/index.ts'
import { describeMachine } from './machine.ts'
import { plainTable } from './table.ts'

const HELP = `npm run bench [-- <name> …] [--json <file>] [--write]

Measures Life-OS beside what the same work costs without it. Takes up to four minutes; a quiet machine gives better figures.

  --json <file>   the results as one JSON document
  --write         also into docs/benchmarks.md; needs all figures

Names: ${FIGURES.map(({ name }) => name).join(', ')}`

async function resultOf(figure: Figure): Promise<Result> {
  const base = { name: figure.name, title: figure.title, target: figure.target, why: figure.why ?? null }
  if (!figure.measure) return { ...base, measured: null, verdict: { kind: 'not-built' } }
  const start = performance.now()
  try {
    const measured = await figure.measure()
    return { ...base, measured, verdict: judge(figure.target, measured) }
  } catch (error) {
    return { ...base, measured: null, verdict: { kind: 'failed', message: error instanceof Error ? error.message : String(error) } }
  } finally {
    console.error(`${figure.name}: ${((performance.now() - start) / 1000).toFixed(1)} s`)
  }
}

/** 0: measured, whether or not the targets are met. 1: something could not be measured. 2: bad usage. */
async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: 'string' }, write: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  })
  const strange = positionals.filter((name) => FIGURES.every((figure) => figure.name !== name))
  if (values.help || strange.length > 0) {
    console.log(strange.length > 0 ? `There is no figure ${strange.join(', ')}.\n\n${HELP}` : HELP)
    return values.help ? 0 : 2
  }
  if (values.write && positionals.length > 0) {
    console.log('--write needs all figures, so that the document stays whole: leave the names out.')
    return 2
  }
  const machine = describeMachine()
  const results: Result[] = []
  for (const figure of FIGURES) if (positionals.length === 0 || positionals.includes(figure.name)) results.push(await resultOf(figure))
  console.log(plainTable(results))
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ machine, results }, null, 2)}\n`)
  if (values.write) writeDocument(results, machine)
  return results.some(({ verdict }) => verdict.kind === 'failed') ? 1 : 0
}

process.exitCode = await main(process.argv.slice(2))

import { stepKind, type Plan, type Step } from '@life-os/contract'
import { graphOf } from '../graph.ts'
import { childLists, type ChildList } from '../steps.ts'

/** See {@link Plans.mermaidOf} in types.ts. Containers are subgraphs; conditions stand on the edges' own line, below the step's name. */
export function mermaidOf(plan: Plan): string {
  const lines = ['flowchart TD']
  write(plan.steps, 1, lines)
  return `${lines.join('\n')}\n`
}

function write(steps: readonly Step[], level: number, lines: string[]): void {
  const indent = '  '.repeat(level)
  for (const step of steps) {
    const lists = childLists(step)
    if (lists.length === 0) lines.push(`${indent}${node(step.id)}${shape(step)}`)
    else writeContainer(step, lists, level, lines)
  }
  for (const { id, after } of graphOf(steps).nodes) for (const before of after) lines.push(`${indent}${node(before)} --> ${node(id)}`)
}

function writeContainer(step: Step, lists: readonly ChildList[], level: number, lines: string[]): void {
  const indent = '  '.repeat(level)
  lines.push(`${indent}subgraph ${node(step.id)}["${label(step)}"]`)
  lists.forEach((list, index) => {
    if (list.role === 'body') return write(list.steps, level + 1, lines)
    lines.push(`${indent}  subgraph ${node(step.id)}_${index}["${escape(sideOf(step, list))}"]`)
    write(list.steps, level + 2, lines)
    lines.push(`${indent}  end`)
  })
  if (!lists.some((list) => list.role !== 'fallback') && stepKind(step) !== 'branch')
    lines.push(`${indent}  ${node(step.id)}_0_self${shape(step)}`)
  lines.push(`${indent}end`)
}

function sideOf(step: Step, list: ChildList): string {
  if (list.role === 'fallback') return 'on error'
  if (list.role === 'else') return 'else'
  return 'branch' in step ? `when ${source(step.branch[list.index]?.when)}` : ''
}

/** A prefix keeps ids clear of Mermaid's own words, such as `end`. */
const node = (id: string): string => `step_${id}`

function shape(step: Step): string {
  const text = `"${label(step)}"`
  if ('approve' in step) return `{{${text}}}`
  if ('wait' in step) return `([${text}])`
  return 'set' in step ? `[/${text}/]` : `[${text}]`
}

function label(step: Step): string {
  const notes = [
    step.title ?? step.id,
    what(step),
    step.when === undefined ? '' : `when ${source(step.when)}`,
    step['on-error'] === undefined || typeof step['on-error'] === 'object' ? '' : `on error: ${step['on-error']}`,
  ]
  return notes
    .filter((note) => note !== '')
    .map(escape)
    .join('<br/>')
}

function what(step: Step): string {
  if ('tool' in step) return step.tool
  if ('agent' in step) return `agent ${step.agent}`
  if ('plan' in step) return `plan ${step.plan}`
  if ('each' in step) return `each ${step.as} in ${source(step.each)}${step.max === undefined ? '' : `, at most ${step.max}`}`
  if ('while' in step) return `while ${source(step.while)}, at most ${step.max}`
  if ('approve' in step) return `ask: ${step.approve}`
  if ('wait' in step)
    return `wait ${Object.entries(step.wait)
      .map(([key, value]) => `${key} ${value}`)
      .join(', ')}`
  return ''
}

const source = (condition: string | boolean | undefined): string =>
  String(condition)
    .trim()
    .replace(/^\$\{\{\s*/, '')
    .replace(/\s*\}\}$/, '')

/** Text that Mermaid shows as it is: whatever could end the label or mean something becomes a character code. */
function escape(text: string): string {
  const short = text.length > 120 ? `${text.slice(0, 119)}…` : text
  return short.replace(/\s+/g, ' ').replace(/[^\p{L}\p{N} .,:!?+*/=_()…-]/gu, (character) => `#${character.codePointAt(0)};`)
}

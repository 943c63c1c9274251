import type { Plan, PlanFault, ToolDescription } from '@life-os/contract'
import { checkPlan } from './check/check.ts'
import { parsePlan } from './parse/parse.ts'
import type { CheckContext, Labelled, Scope } from './types.ts'

/** Shared by the tests of this folder. */

const text = { type: 'string' }
const shape = (properties: Record<string, unknown>, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})

function tool(id: string, input: Record<string, unknown>, output: Record<string, unknown>): ToolDescription {
  return {
    id,
    title: id,
    description: id,
    plugin: id.split('.')[0] ?? id,
    version: '1.0.0',
    input,
    output,
    effect: 'read',
    reversal: 'none',
    risk: 'low',
    idempotent: true,
    reconciles: false,
    compensates: false,
    needs: {},
    lane: 'io',
    examples: [],
  }
}

const file = shape({
  path: text,
  name: text,
  kind: { enum: ['file', 'folder'] },
  size: { type: 'integer' },
  taken: { anyOf: [{ type: 'string' }, { type: 'null' }] },
})
const TOOLS = new Map(
  [
    tool(
      'files.list',
      shape({ path: text, recursive: { type: 'boolean' }, depth: { type: 'integer', minimum: 1 } }, ['path']),
      shape({ files: { type: 'array', items: file }, total: { type: 'integer' } }),
    ),
    tool('files.classify', shape({ path: text }), shape({ folder: text })),
    tool('files.move', shape({ from: text, to: text, mode: { enum: ['rename', 'copy'] } }, ['from', 'to']), shape({ to: text })),
    tool('web.open', {}, {}),
  ].map((made) => [made.id, made]),
)

export const context = (plans: readonly Plan[] = []): CheckContext => ({
  tool: (id) => TOOLS.get(id),
  plan: (id) => plans.find((plan) => plan.id === id),
  agent: (id) => id === 'helper',
})

/** Takes the marks `§` out of a text; each stood where a fault is expected. */
export function unmark(marked: string): { text: string; places: string[] } {
  const places: string[] = []
  const lines = marked.split('\n').map((line, index) => {
    let bare = line
    for (let at = bare.indexOf('§'); at >= 0; at = bare.indexOf('§')) {
      places.push(`${index + 1}:${at + 1}`)
      bare = bare.slice(0, at) + bare.slice(at + 1)
    }
    return bare
  })
  return { text: lines.join('\n'), places }
}

export function planOf(source: unknown): Plan {
  const parsed = parsePlan(source)
  if (!parsed.ok) throw new Error(parsed.faults.map((fault) => `${fault.code} ${fault.path}: ${fault.message}`).join('\n'))
  return parsed.plan
}

/** All faults of a text, of reading or of checking. */
export function faultsOf(source: string, plans: readonly Plan[] = []): PlanFault[] {
  const parsed = parsePlan(source)
  return parsed.ok ? checkPlan(parsed.plan, context(plans), parsed.positions) : parsed.faults
}

export const labelled = (value: unknown, ...labels: Labelled['labels']): Labelled => ({ value, labels })

export function scopeOf(parts: { [K in keyof Scope]?: Record<string, unknown> }): Scope {
  const wrap = (values: Record<string, unknown> = {}) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, labelled(value)]))
  return { inputs: wrap(parts.inputs), steps: wrap(parts.steps), vars: wrap(parts.vars) }
}

export const TIDY = `
id: tidy-folder
name: Tidy a folder
version: "1.0.0"
inputs:
  folder: { type: path, title: Folder }
budget: { time: 10m, steps: 20000, tokens: 20000, money: 0.10 USD }
steps:
  - id: scan
    tool: files.list
    input: { path: "\${{ inputs.folder }}", recursive: true }
  - id: sort
    each: "\${{ steps.scan.files.filter(f, f.kind == 'file') }}"
    as: file
    max: 10000
    lane: io
    steps:
      - id: kind
        tool: files.classify
        input: { path: "\${{ file.path }}" }
        retry: { tries: 3, wait: 200ms, factor: 2, max: 5s }
      - id: move
        tool: files.move
        when: "\${{ steps.kind.folder != '' }}"
        input: { from: "\${{ file.path }}", to: "\${{ inputs.folder }}/\${{ steps.kind.folder }}/\${{ file.name }}" }
outputs:
  moved: "\${{ steps.sort.filter(r, r.move != null).map(r, r.move.to) }}"
`

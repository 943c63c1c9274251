import { Identifier, type Intent, type Plan, type PlanInput, type ToolDescription } from '@life-os/contract'
import { parseSay } from '../../plans/index.ts'

/** Kinds of required inputs whose meaning a tool's title and the fields' names tell for certain, and how they are said. */
const SHAPES: readonly { fields: readonly string[]; says: readonly string[] }[] = [
  { fields: ['path'], says: ['{path}', 'file {path}', 'folder {path}', 'in {path}', 'files in {path}', 'from {path}', 'for {path}'] },
  { fields: ['folder'], says: ['{folder}', 'folder {folder}', 'in {folder}', 'for {folder}'] },
  { fields: ['repository'], says: ['{repository}', 'repository {repository}', 'in {repository}', 'for {repository}', 'from {repository}'] },
  { fields: ['url'], says: ['{url}', 'page {url}', 'from {url}', 'feed {url}'] },
  { fields: ['from', 'to'], says: ['{from} to {to}', 'file {from} to {to}', 'folder {from} to {to}'] },
]
const PATHS = new Set(['path', 'folder', 'repository', 'from', 'to'])
/** Words of titles that only name what the input is. */
const NOUNS = /\b(?:an?|the|or|files?|folders?|repository|document|page|feed|text)\b/gi

const made = new WeakMap<ToolDescription, Plan | null>()

/** A plan of one step for a tool whose inputs can be told in words for certain; null for any other. Values come in as inputs, never as text of the plan. */
export function planOfTool(tool: ToolDescription): Plan | null {
  const known = made.get(tool)
  if (known !== undefined) return known
  const plan = build(tool)
  made.set(tool, plan)
  return plan
}

function build(tool: ToolDescription): Plan | null {
  const required = requiredOf(tool)
  const shape = SHAPES.find(({ fields }) => fields.length === required.length && fields.every((field) => required.includes(field)))
  const verb = tool.title.replaceAll(NOUNS, ' ').replaceAll(/\s+/g, ' ').trim()
  if (!shape || verb === '' || !required.every((field) => Identifier.safeParse(field).success)) return null
  const intents = shape.says.map((say): Intent => ({ say: `${verb} ${say}`, examples: [] })).filter(({ say }) => parseSay(say).ok)
  const inputs = Object.fromEntries(required.map((field) => [field, inputOf(tool, field)]))
  return {
    id: `do-${tool.id.replace('.', '-')}`,
    name: tool.title,
    description: tool.description,
    version: '1.0.0',
    intents,
    inputs,
    steps: [
      {
        id: 'do',
        title: tool.title,
        tool: tool.id,
        input: Object.fromEntries(required.map((field) => [field, `\${{ inputs.${field} }}`])),
      },
    ],
    outputs: { result: '${{ steps.do }}' },
  }
}

function requiredOf(tool: ToolDescription): string[] {
  const { required } = tool.input
  const properties = propertiesOf(tool)
  const fields = Array.isArray(required) ? required.filter((field) => typeof field === 'string') : []
  return fields.filter((field) => properties[field]?.['default'] === undefined)
}

function propertiesOf(tool: ToolDescription): Record<string, Record<string, unknown> | undefined> {
  return (tool.input['properties'] ?? {}) as Record<string, Record<string, unknown> | undefined> // JSON Schema: properties are schemas by name
}

function inputOf(tool: ToolDescription, field: string): PlanInput {
  const described = propertiesOf(tool)[field]?.['description']
  const about = { title: field[0]?.toUpperCase() + field.slice(1), ...(typeof described === 'string' && { help: described }) }
  return PATHS.has(field) ? { type: 'path', ...about } : { type: 'text', pattern: '^https?://', ...about }
}

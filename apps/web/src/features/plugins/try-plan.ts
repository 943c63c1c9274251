import type { Plan, PlanInput, ToolDescription } from '@life-os/contract'
import { sentFields } from '../../components/schema-form/form-fields.ts'
import type { Filled, FormField } from '../../components/schema-form/form-fields.ts'

export interface Trial {
  plan: Plan
  inputs: Record<string, unknown>
}

/** How a field is declared as a plan's input; null for what only stands in the step itself. */
function inputOf(field: FormField): PlanInput | null {
  switch (field.kind) {
    case 'text':
    case 'long':
      return { type: 'text', title: field.label }
    case 'number':
      return { type: 'number', title: field.label }
    case 'boolean':
      return { type: 'boolean', title: field.label }
    case 'path':
      return { type: 'path', title: field.label }
    case 'several':
    case 'lines':
      return { type: 'list', of: { type: 'text' }, title: field.label }
    case 'choice':
      return { type: 'choice', choices: [...field.choices], title: field.label }
    case 'secret':
      return { type: 'secret', title: field.label }
    case 'record':
    case 'json':
      return null
  }
}

/** A plan of one step that calls the tool. What was filled in is the plan's inputs, so that text is never read as an expression and a picked path is granted for this run. */
export function trialOf(tool: ToolDescription, fields: readonly FormField[], filled: Filled): Trial {
  const values = sentFields(fields, filled)
  const declared: Record<string, PlanInput> = {}
  const inputs: Record<string, unknown> = {}
  const input: Record<string, unknown> = {}
  for (const [index, field] of fields.entries()) {
    if (!(field.name in values)) continue
    const as = inputOf(field)
    if (as === null) {
      input[field.name] = values[field.name]
      continue
    }
    const name = /^[a-zA-Z][a-zA-Z0-9_]*$/.test(field.name) ? field.name : `field${index + 1}`
    declared[name] = as
    inputs[name] = values[field.name]
    input[field.name] = `\${{ inputs.${name} }}`
  }
  return {
    inputs,
    plan: {
      id: `try-${tool.id.replace('.', '-')}`,
      name: `Try: ${tool.title}`,
      version: '1.0.0',
      description: tool.description,
      inputs: declared,
      steps: [{ id: 'call', title: tool.title, tool: tool.id, input }],
      outputs: { result: '${{ steps.call }}' },
    } as Plan, // every part of it is spelled out above; the schema's defaults fill the rest
  }
}

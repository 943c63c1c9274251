import { Plan } from '@life-os/contract'
import type { ToolDescription } from '@life-os/contract'
import { expect, test } from 'vitest'
import { formFields, shownValues } from '../../components/schema-form/form-fields.ts'
import { trialOf } from './try-plan.ts'

const tool: ToolDescription = {
  id: 'notes.add',
  title: 'Add a note',
  description: 'Writes a line into a file.',
  plugin: 'notes',
  version: '1.0.0',
  input: {
    type: 'object',
    required: ['path', 'text'],
    properties: {
      path: { type: 'string' },
      text: { type: 'string' },
      'keep-old': { type: 'boolean' },
      extra: { type: 'object' },
      tags: { type: 'array', items: { type: 'string' } },
    },
  },
  output: {},
  effect: 'write',
  reversal: 'exact',
  risk: 'low',
  idempotent: false,
  reconciles: false,
  compensates: false,
  needs: {},
  lane: 'io',
  examples: [],
}

test('a trial is a plan that parses, with everything typed as an input of it', () => {
  const fields = formFields(tool.input)
  const trial = trialOf(tool, fields, { ...shownValues(fields, {}), path: '~/a.txt', text: '${{ 1 + 1 }}', extra: '{"a": 1}', tags: ['x'] })
  const plan = Plan.parse(trial.plan)
  expect(plan.steps[0]).toMatchObject({
    tool: 'notes.add',
    input: {
      path: '${{ inputs.path }}',
      text: '${{ inputs.text }}',
      'keep-old': '${{ inputs.field3 }}',
      extra: { a: 1 },
      tags: '${{ inputs.tags }}',
    },
  })
  expect(plan.inputs['path']).toMatchObject({ type: 'path' })
  expect(trial.inputs).toEqual({ path: '~/a.txt', text: '${{ 1 + 1 }}', field3: false, tags: ['x'] })
})

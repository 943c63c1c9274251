import { LifeOsError, defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { Text } from '../source.ts'
import { fillTemplate, parseTemplate } from '../template.ts'

export const template = defineTool({
  id: 'text.template',
  title: 'Fill a template',
  description:
    'Fills `{{name}}` and `{{person.name}}` in a text. `{{#items}}…{{/items}}` repeats for a list or shows when true, `{{^items}}…{{/items}}` shows when there is nothing.',
  input: z.object({
    template: Text.describe('The text with its `{{names}}`'),
    values: z.record(z.string(), z.json()).describe('What to fill in'),
    missing: z.enum(['fail', 'empty', 'keep']).default('fail').describe('What to do with a name that has no value'),
  }),
  output: z.object({
    text: z.string().describe('The filled text'),
    missing: z.array(z.string()).describe('Names that had no value'),
  }),
  effect: 'read',
  lane: 'cpu',
  needs: {},
  run: async (input) => {
    const missing = new Set<string>()
    const text = fillTemplate(parseTemplate(input.template), input.values, (name) => {
      missing.add(name)
      return input.missing === 'keep' ? `{{${name}}}` : ''
    })
    if (missing.size > 0 && input.missing === 'fail') {
      throw new LifeOsError(
        'template-incomplete',
        `The template asks for ${[...missing].join(', ')}. Give a value for each, or choose what to do with missing ones.`,
      )
    }
    return { text, missing: [...missing] }
  },
  examples: [
    { title: 'A greeting', input: { template: 'Dear {{name}},', values: { name: 'Ada' } }, output: { text: 'Dear Ada,', missing: [] } },
    {
      title: 'A list',
      input: { template: '{{#items}}- {{name}}\n{{/items}}', values: { items: [{ name: 'milk' }, { name: 'bread' }] } },
      output: { text: '- milk\n- bread\n', missing: [] },
    },
  ],
})

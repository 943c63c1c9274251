import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'

export const join = defineTool({
  id: 'text.join',
  title: 'Join texts',
  description: 'Joins a list of texts into one with a separator between them.',
  input: z.object({
    parts: z.array(z.string()).max(1_000_000).describe('The texts in order'),
    separator: z.string().max(1000).default('\n').describe('What to put between them'),
    end: z.string().max(1000).default('').describe('What to put at the end'),
  }),
  output: z.object({ text: z.string().describe('The joined text') }),
  effect: 'read',
  lane: 'cpu',
  needs: {},
  run: async ({ parts, separator, end }) => ({ text: parts.join(separator) + end }),
  examples: [{ title: 'With commas', input: { parts: ['a', 'b'], separator: ', ' }, output: { text: 'a, b' } }],
})

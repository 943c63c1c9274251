import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { evaluate } from '../arithmetic/evaluate.ts'
import { toDecimal } from '../arithmetic/fraction.ts'

export const calculate = defineTool({
  id: 'assistant.calculate',
  title: 'Calculate',
  description:
    'Works an arithmetic expression out exactly: + - * / ( ) %, and sum, average, min, max, count, round over lists. Use it for every total instead of adding up yourself.',
  input: z.object({
    expression: z.string().min(1).max(20_000).describe('Numbers with a point and no thousands marks: sum(49.90, 12.40) * 1.19'),
    decimals: z.int().min(0).max(20).default(6).describe('At most so many; halves are rounded away from zero'),
  }),
  output: z.object({
    result: z.string().describe('A decimal number, without zeros at its end'),
    exact: z.boolean().describe('Nothing was rounded off'),
  }),
  effect: 'read',
  lane: 'cpu',
  needs: {},
  run: async ({ expression, decimals }) => {
    const { text, exact } = toDecimal(evaluate(expression), decimals)
    return { result: text, exact }
  },
  examples: [
    { title: 'A total', input: { expression: 'sum(0.1, 0.2, 49.90)' }, output: { result: '50.2', exact: true } },
    { title: 'A share, rounded', input: { expression: '1 / 3 * 100', decimals: 2 }, output: { result: '33.33', exact: false } },
  ],
})

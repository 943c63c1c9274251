import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { findAddresses } from '../extract/addresses.ts'
import { findAmounts } from '../extract/amounts.ts'
import { findDates } from '../extract/dates.ts'
import { readSource, sourceFields } from '../source.ts'

const index = z.int().describe('Where it begins, in characters')

export const extract = defineTool({
  id: 'text.extract',
  title: 'Find dates, amounts and e-mail addresses',
  description:
    'Finds dates (as ISO days), amounts of money (with currency) and e-mail addresses in a text or a text file. By rules, without a model: the same text gives the same answer.',
  input: z.object({
    ...sourceFields,
    kinds: z
      .array(z.enum(['dates', 'amounts', 'emails']))
      .min(1)
      .default(['dates', 'amounts', 'emails'])
      .describe('What to look for'),
    dayFirst: z.boolean().default(true).describe('Read 03/04/2024 as 3 April; off: as 4 March'),
  }),
  output: z.object({
    dates: z.array(z.object({ text: z.string().describe('As written'), date: z.string().describe('ISO day, 2024-07-13'), index })),
    amounts: z.array(
      z.object({
        text: z.string().describe('As written'),
        amount: z.string().describe('Plain decimal, 1290.50'),
        currency: z.string().describe('ISO code'),
        index,
      }),
    ),
    emails: z.array(z.object({ address: z.string(), index })).describe('Each once'),
  }),
  effect: 'read',
  lane: 'cpu',
  needs: { 'fs.read': ['path'] },
  run: async (input, host) => {
    const text = await readSource(input, host)
    return {
      dates: input.kinds.includes('dates') ? findDates(text, input.dayFirst) : [],
      amounts: input.kinds.includes('amounts') ? findAmounts(text) : [],
      emails: input.kinds.includes('emails') ? findAddresses(text) : [],
    }
  },
  examples: [
    {
      title: 'An invoice',
      input: { text: 'Due on 13.07.2024: CHF 1’290.50. Questions: billing@example.org' },
      output: {
        dates: [{ text: '13.07.2024', date: '2024-07-13', index: 7 }],
        amounts: [{ text: 'CHF 1’290.50', amount: '1290.50', currency: 'CHF', index: 19 }],
        emails: [{ address: 'billing@example.org', index: 44 }],
      },
    },
  ],
})

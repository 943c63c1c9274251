import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { lineCounter } from '../search/lines.ts'
import { findMatches, queryFields } from '../search/query.ts'
import { readSource, sourceFields } from '../source.ts'

const LINE_SHOWN = 500

export const search = defineTool({
  id: 'text.search',
  title: 'Search in a text',
  description: 'Finds a text or a regular expression in a text or a text file, with line, column and the line itself.',
  input: z.object({
    ...sourceFields,
    ...queryFields,
    limit: z.int().min(1).max(100_000).default(1000).describe('Show at most this many places; all are counted'),
  }),
  output: z.object({
    count: z.int().describe('How many places there are'),
    matches: z.array(
      z.object({
        line: z.int().describe('From 1'),
        column: z.int().describe('From 1'),
        match: z.string().describe('What was found'),
        text: z.string().describe('The line, at most 500 characters of it'),
      }),
    ),
  }),
  effect: 'read',
  lane: 'cpu',
  needs: { 'fs.read': ['path'] },
  run: async (input, host) => {
    const text = await readSource(input, host)
    const locate = lineCounter(text)
    const matches: { line: number; column: number; match: string; text: string }[] = []
    let count = 0
    for (const { start, end } of findMatches(text, input)) {
      count += 1
      if (matches.length >= input.limit) continue
      const place = locate(start)
      matches.push({ line: place.line, column: place.column, match: text.slice(start, end), text: place.text.slice(0, LINE_SHOWN) })
    }
    return { count, matches }
  },
  examples: [
    {
      title: 'A word',
      input: { text: 'one two\ntwo three', find: 'two' },
      output: {
        count: 2,
        matches: [
          { line: 1, column: 5, match: 'two', text: 'one two' },
          { line: 2, column: 1, match: 'two', text: 'two three' },
        ],
      },
    },
  ],
})

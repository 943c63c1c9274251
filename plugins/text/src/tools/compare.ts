import { LifeOsError, defineTool } from '@life-os/plugin-sdk'
import { createTwoFilesPatch } from 'diff'
import { z } from 'zod'
import { Path, Text, readSource } from '../source.ts'

/** More changed lines than this are two different texts; showing them takes quadratic time and helps nobody. */
const MAX_EDITS = 2000

const Side = z.object({
  text: Text.optional().describe('The text; give this or `path`'),
  path: Path.optional().describe('A text file; give this or `text`'),
  name: z.string().max(1000).optional().describe('What to call it in the difference'),
})

export const compare = defineTool({
  id: 'text.compare',
  title: 'Compare two texts',
  description: 'Compares two texts or text files line by line and gives a unified diff.',
  input: z.object({
    left: Side.describe('The old one'),
    right: Side.describe('The new one'),
    context: z.int().min(0).max(1000).default(3).describe('Unchanged lines to show around each change'),
    ignoreWhitespace: z.boolean().default(false).describe('Do not count differences in spaces at the ends of lines'),
  }),
  output: z.object({
    same: z.boolean().describe('Whether they are equal'),
    diff: z.string().describe('Unified diff; empty when they are the same'),
    added: z.int().describe('Lines only in the new one'),
    removed: z.int().describe('Lines only in the old one'),
  }),
  effect: 'read',
  lane: 'cpu',
  needs: { 'fs.read': ['left.path', 'right.path'] },
  run: async ({ left, right, context, ignoreWhitespace }, host) => {
    const [before, after] = [await readSource(left, host), await readSource(right, host)]
    if (before === after) return { same: true, diff: '', added: 0, removed: 0 }
    const diff = createTwoFilesPatch(
      left.name ?? left.path ?? 'left',
      right.name ?? right.path ?? 'right',
      before,
      after,
      undefined,
      undefined,
      {
        context,
        ignoreWhitespace,
        maxEditLength: MAX_EDITS,
      },
    )
    if (diff === undefined)
      throw new LifeOsError('texts-too-different', `The two texts differ in more than ${MAX_EDITS} lines. Compare smaller parts.`)
    const lines = diff.split('\n').slice(4)
    const added = lines.filter((line) => line.startsWith('+')).length
    const removed = lines.filter((line) => line.startsWith('-')).length
    return added + removed === 0 ? { same: true, diff: '', added: 0, removed: 0 } : { same: false, diff, added, removed }
  },
  examples: [
    { title: 'Equal', input: { left: { text: 'a\n' }, right: { text: 'a\n' } }, output: { same: true, diff: '', added: 0, removed: 0 } },
    { title: 'One line changed', input: { left: { text: 'a\nb\n' }, right: { text: 'a\nc\n' } } },
  ],
})

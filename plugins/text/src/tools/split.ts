import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { readSource, sourceFields } from '../source.ts'

export const split = defineTool({
  id: 'text.split',
  title: 'Split a text',
  description: 'Splits a text or a text file into lines, paragraphs, pieces of a size, or at a separator.',
  input: z.object({
    ...sourceFields,
    at: z.enum(['lines', 'paragraphs', 'separator', 'size']).default('lines').describe('Where to split'),
    separator: z.string().min(1).max(1000).default(',').describe('For `separator`: the text between the parts'),
    size: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(1000)
      .describe('For `size`: the most characters of a part; breaks between words where it can'),
    trim: z.boolean().default(false).describe('Remove spaces around each part'),
    dropEmpty: z.boolean().default(false).describe('Leave out parts without text'),
  }),
  output: z.object({ parts: z.array(z.string()).describe('The parts in order'), count: z.int() }),
  effect: 'read',
  lane: 'cpu',
  needs: { 'fs.read': ['path'] },
  run: async (input, host) => {
    const pieces = cut(await readSource(input, host), input)
    const trimmed = input.trim ? pieces.map((part) => part.trim()) : pieces
    const parts = input.dropEmpty ? trimmed.filter((part) => part.trim() !== '') : trimmed
    return { parts, count: parts.length }
  },
  examples: [
    { title: 'Lines', input: { text: 'a\nb\n' }, output: { parts: ['a', 'b'], count: 2 } },
    { title: 'A list', input: { text: 'a, b,c', at: 'separator', trim: true }, output: { parts: ['a', 'b', 'c'], count: 3 } },
  ],
})

function cut(text: string, how: { at: 'lines' | 'paragraphs' | 'separator' | 'size'; separator: string; size: number }): string[] {
  switch (how.at) {
    case 'lines':
      return text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/)
    case 'paragraphs':
      return text.split(/\r?\n(?:[ \t]*\r?\n)+/).filter((part) => part.trim() !== '')
    case 'separator':
      return text.split(how.separator)
    case 'size':
      return pieces(text, how.size)
  }
}

/** Parts of at most `size` UTF-16 units that never cut a character in two; joined they are the text again. */
function pieces(text: string, size: number): string[] {
  const parts: string[] = []
  for (let at = 0; at < text.length;) {
    let end = Math.min(at + size, text.length)
    const space = end < text.length ? Math.max(text.lastIndexOf(' ', end - 1), text.lastIndexOf('\n', end - 1)) : -1
    if (space > at) end = space + 1
    else if (end < text.length && /[\ud800-\udbff]/.test(text[end - 1] ?? '')) end += end - at > 1 ? -1 : 1
    parts.push(text.slice(at, end))
    at = end
  }
  return parts
}

import { LifeOsError, defineTool } from '@life-os/plugin-sdk'
import type { HostV1 } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { askAbout } from '../models/ask.ts'
import { readableParts } from '../models/parts.ts'
import { readSource, sourceFields } from '../source.ts'

const TOKENS_A_WORD = 3 // generous, so that no language is cut
const LEVELS = 4

export const summarise = defineTool({
  id: 'text.summarise',
  title: 'Summarise a text',
  description:
    'Asks a model for a short summary of a text or a text file. A long text is read in parts, and their summaries are summed up.',
  input: z.object({
    ...sourceFields,
    words: z.int().min(10).max(1000).default(80).describe('About how long the summary is'),
    focus: z.string().min(1).max(500).optional().describe('What to look at above all, for example: deadlines and amounts'),
  }),
  output: z.object({
    summary: z.string(),
    parts: z.int().describe('In how many parts the text was read'),
    model: z.string().describe('What wrote it: provider/model'),
  }),
  effect: 'read',
  idempotent: false,
  lane: 'llm',
  needs: { 'fs.read': ['path'], model: ["${{ 'text' }}"] },
  run: async (input, host) => {
    const text = (await readSource(input, host)).trim()
    if (text === '') throw new LifeOsError('text-empty', 'There is nothing to summarise: the text is empty.')
    const parts = readableParts(text)
    return { ...(await summaryOf(parts, input, host, 0)), parts: parts.length }
  },
  examples: [
    {
      title: 'A letter',
      input: { path: '/home/ada/Documents/letter.txt', words: 20 },
      output: { summary: 'A letter to Ms Keller.', parts: 1, model: 'example/scripted' },
    },
  ],
})

interface Wish {
  words: number
  focus?: string | undefined
}

/** Part by part, then the summaries together as a text of their own. */
async function summaryOf(parts: readonly string[], wish: Wish, host: HostV1, level: number): Promise<{ summary: string; model: string }> {
  const said: string[] = []
  let model = ''
  for (const part of parts) {
    const answer = await askAbout(host, taskOf(wish, parts.length > 1), part, { maxTokens: wish.words * TOKENS_A_WORD + 64 })
    const summary = answer.text.trim()
    if (summary === '')
      throw new LifeOsError('summary-empty', `${answer.model} wrote nothing. Try again, or choose another model for text.summarise.`)
    said.push(summary)
    model = answer.model
    host.progress({ done: said.length, of: parts.length, unit: 'parts' })
  }
  if (parts.length === 1) return { summary: said[0] ?? '', model }
  const next = readableParts(said.join('\n\n'))
  if (level === LEVELS || next.length >= parts.length)
    throw new LifeOsError('summary-too-long', `${model} does not become shorter. Ask for fewer words, or choose another model.`)
  return summaryOf(next, wish, host, level + 1)
}

function taskOf({ words, focus }: Wish, isPart: boolean): string {
  const what = isPart ? 'one part of a longer text, for a summary of all parts later' : 'the text'
  const above = focus === undefined ? '' : ` Above all: ${focus}.`
  return `Summarise ${what} in at most ${words} words, in the language of the text, as plain sentences. Say only what stands in it.${above} Answer with the summary alone.`
}

import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'

/** Of silent reading in English (Brysbaert 2019, https://doi.org/10.1016/j.jml.2019.104047: 238 for prose). */
const WORDS_A_MINUTE = 230
const FREQUENT = 5

export const count = defineTool({
  id: 'word-count.count',
  title: 'Count words',
  description: 'Counts the words, sentences and characters of a text, and says how long it takes to read and which words are frequent.',
  input: z.object({
    text: z.string().max(1_000_000).describe('The text'),
    language: z
      .string()
      .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'a language like “en” or “de-AT”')
      .default('en')
      .describe('Whose rules part words and sentences'),
  }),
  output: z.object({
    words: z.int(),
    sentences: z.int(),
    characters: z.int().describe('As people count them: a letter with its accents is one'),
    minutes: z.int().describe('To read it, rounded up'),
    frequent: z.array(z.object({ word: z.string(), times: z.int() })).describe('At most five words that come more than once'),
  }),
  effect: 'read',
  lane: 'cpu',
  run: async ({ text, language }) => {
    const words = partsOf(text, language, 'word').filter(({ isWordLike }) => isWordLike)
    return {
      words: words.length,
      sentences: partsOf(text, language, 'sentence').filter(({ segment }) => segment.trim() !== '').length,
      characters: partsOf(text, language, 'grapheme').length,
      minutes: Math.ceil(words.length / WORDS_A_MINUTE),
      frequent: frequent(words.map(({ segment }) => segment.toLocaleLowerCase(language))),
    }
  },
  examples: [
    {
      title: 'A sentence',
      input: { text: 'To be, or not to be.' },
      output: {
        words: 6,
        sentences: 1,
        characters: 20,
        minutes: 1,
        frequent: [
          { word: 'be', times: 2 },
          { word: 'to', times: 2 },
        ],
      },
    },
    { title: 'Nothing', input: { text: '' }, output: { words: 0, sentences: 0, characters: 0, minutes: 0, frequent: [] } },
  ],
})

const partsOf = (text: string, language: string, granularity: 'word' | 'sentence' | 'grapheme') => [
  ...new Intl.Segmenter(language, { granularity }).segment(text),
]

function frequent(words: readonly string[]): { word: string; times: number }[] {
  const times = new Map<string, number>()
  for (const word of words) times.set(word, (times.get(word) ?? 0) + 1)
  const repeated = [...times].filter(([, number]) => number > 1).map(([word, number]) => ({ word, times: number }))
  return repeated.toSorted((a, b) => b.times - a.times || (a.word < b.word ? -1 : 1)).slice(0, FREQUENT)
}

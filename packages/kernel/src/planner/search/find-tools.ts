import type { ToolDescription, ToolMatch } from '@life-os/contract'
import { FILLERS, GLUE } from '../words/synonyms.ts'
import { stem } from '../words/stem.ts'
import { keysOf } from '../words/tokens.ts'
import type { Meaning, Seeker } from './meaning.ts'
import { createWordsIndex, weighed, type WordsIndex } from './words-index.ts'

/** Reciprocal rank fusion: Cormack, Clarke and Büttcher, SIGIR 2009. */
const FUSE = 60
/** Only the nearest of a search by meaning are found by it: everything is near to some degree. */
const NEAREST = 20
const LIKE = 0.5

const idle = new Set([...FILLERS, ...GLUE].filter((word) => !word.includes(' ')).map(stem))
const meant = (text: string): string[] => keysOf(text).filter((key) => !idle.has(key))

/** Finds tools by what they do: by words always, by meaning too where a model serves. */
export interface ToolSearch {
  /** `among`: ids of tools, or `plugin.*`; default: all. */
  find(query: string, among: readonly string[] | undefined, limit: number, seeker: Seeker): Promise<ToolMatch[]>
  /** By words alone. */
  byWords(query: string, limit: number): { tool: ToolDescription; score: number }[]
}

export function createToolSearch(tools: () => readonly ToolDescription[], meaning: Meaning): ToolSearch {
  let made: { of: string; index: WordsIndex } | null = null
  const indexOf = (present: readonly ToolDescription[]): WordsIndex => {
    const of = present.map((tool) => `${tool.id}@${tool.version}\n${tool.description}`).join('\n')
    if (made?.of !== of) made = { of, index: createWordsIndex(new Map(present.map((tool) => [tool.id, wordsOf(tool)]))) }
    return made.index
  }
  return {
    byWords(query, limit) {
      const present = tools()
      const byId = new Map(present.map((tool) => [tool.id, tool]))
      return indexOf(present)
        .search(meant(query))
        .slice(0, limit)
        .flatMap(({ id, score }) => {
          const tool = byId.get(id)
          return tool ? [{ tool, score }] : []
        })
    },
    async find(query, among, limit, seeker) {
      const present = tools().filter((tool) => among === undefined || isAmong(tool, among))
      const ids = new Set(present.map((tool) => tool.id))
      const words = indexOf(tools())
        .search(meant(query))
        .filter(({ id }) => ids.has(id))
      const texts = new Map(present.map((tool) => [tool.id, `${tool.title}. ${tool.description}`]))
      const near = (await meaning.nearest(query, texts, seeker))?.slice(0, NEAREST).filter(({ score }) => score >= LIKE) ?? []
      return fused(words, near, present).slice(0, limit)
    },
  }
}

const isAmong = (tool: ToolDescription, among: readonly string[]): boolean => among.includes(tool.id) || among.includes(`${tool.plugin}.*`)

function wordsOf(tool: ToolDescription): Map<string, number> {
  const examples = tool.examples.map(({ title }) => title ?? '').join(' ')
  const fields = Object.keys((tool.input['properties'] as object | undefined) ?? {}).join(' ') // a JSON Schema's properties are a map
  return weighed([
    [meant(tool.title), 3],
    [meant(tool.id.replaceAll(/[.-]/g, ' ')), 2],
    [meant(tool.description), 1],
    [meant(examples), 1],
    [meant(fields), 0.5],
  ])
}

interface Ranked {
  id: string
  score: number
}

function fused(words: readonly Ranked[], near: readonly Ranked[], tools: readonly ToolDescription[]): ToolMatch[] {
  const rank = (list: readonly Ranked[], id: string): number => list.findIndex((one) => one.id === id)
  const share = (at: number): number => (at < 0 ? 0 : 1 / (FUSE + at + 1))
  const most = 2 * share(0)
  return tools
    .flatMap(({ id: tool, title, description }): ToolMatch[] => {
      const [said, meant] = [rank(words, tool), rank(near, tool)]
      if (said < 0 && meant < 0) return []
      const by = said < 0 ? 'meaning' : meant < 0 ? 'words' : 'both'
      return [{ tool, title, description, score: (share(said) + share(meant)) / most, by }]
    })
    .toSorted((a, b) => b.score - a.score || (a.tool < b.tool ? -1 : 1))
}

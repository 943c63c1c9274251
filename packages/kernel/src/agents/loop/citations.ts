import { z } from 'zod'
import type { Citation } from '@life-os/contract'

/** What a tool gives that can be cited: passages of a document, each with its place. */
const Passages = z.object({
  document: z.looseObject({ path: z.string().nullish(), name: z.string().nullish(), hash: z.string().nullish() }),
  passages: z.array(
    z.looseObject({
      text: z.string(),
      page: z.int().nullish(),
      heading: z.string().nullish(),
      start: z.int(),
      end: z.int(),
    }),
  ),
})
const LONGEST = 2000 // characters of a passage that is kept with an answer

/** Passages that were shown to the model in this turn, numbered from 1. */
export interface Sources {
  /** The output as the model is told of it: each passage with its number. */
  numbered(output: unknown): unknown
  /** Takes in what another agent cited; answers its text with the numbers of here. */
  adopted(text: string, citations: readonly Citation[]): string
  /** The final text with the numbers that are known, what it cites, and whether any number was made up. */
  verified(text: string): { text: string; citations: Citation[]; unknown: number[] }
}

export function createSources(): Sources {
  const known = new Map<string, Citation>()
  const numberOf = (found: Omit<Citation, 'number'>): number => {
    const key = JSON.stringify([found.document, found.hash, found.start, found.end])
    const citation = known.get(key) ?? { ...found, number: known.size + 1 }
    known.set(key, citation)
    return citation.number
  }
  return {
    numbered(output) {
      const parsed = Passages.safeParse(output)
      if (!parsed.success) return output
      const { document } = parsed.data
      const passages = parsed.data.passages.map((passage) => {
        const cite = numberOf({
          document: document.path ?? document.name ?? 'a document',
          hash: document.hash ?? null,
          page: passage.page ?? null,
          heading: passage.heading ?? null,
          start: passage.start,
          end: passage.end,
          text: passage.text.slice(0, LONGEST).toWellFormed(),
        })
        return { cite, ...passage }
      })
      return { ...(output as object), passages } // it fits the shape, so that it is one
    },
    adopted(text, citations) {
      const here = new Map(citations.map(({ number, ...found }) => [number, numberOf(found)]))
      return rewritten(text, (number) => here.get(number)).text
    },
    verified(text) {
      const byNumber = new Map([...known.values()].map((citation) => [citation.number, citation]))
      const { text: clean, used, unknown } = rewritten(text, (number) => (byNumber.has(number) ? number : undefined))
      const citations = [...used].toSorted((a, b) => a - b).flatMap((number) => byNumber.get(number) ?? [])
      return { text: clean, citations, unknown: [...unknown] }
    },
  }
}

/** Code, which is left as it is, or a mark such as [3] or [3, 4] that is neither an index (a[3]) nor a link. */
const MARKS = /(```[\s\S]*?(?:```|$)|`[^`\n]*`)|(?:( )|(?<![\w\]]))((?:\[\d{1,4}(?:\s*[,;]\s*\d{1,4})*\])+)(?![(:])/g

function rewritten(
  text: string,
  numberFor: (number: number) => number | undefined,
): { text: string; used: Set<number>; unknown: Set<number> } {
  const used = new Set<number>()
  const unknown = new Set<number>()
  const clean = text.replaceAll(MARKS, (whole: string, code: string | undefined, gap: string | undefined, marks: string) => {
    if (code !== undefined) return whole
    const kept: number[] = []
    for (const [digits] of marks.matchAll(/\d+/g)) {
      const number = numberFor(Number(digits))
      if (number === undefined) unknown.add(Number(digits))
      else if (!kept.includes(number)) kept.push(number)
    }
    for (const number of kept) used.add(number)
    return kept.length === 0 ? '' : (gap ?? '') + kept.map((number) => `[${number}]`).join('')
  })
  return { text: clean, used, unknown }
}

import { LifeOsError, defineTool } from '@life-os/plugin-sdk'
import type { HostV1 } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { readDocument } from '../read/index.ts'
import { passagesOf } from '../read/passages.ts'
import type { Passage as Piece } from '../read/types.ts'

const MAX_BYTES = 64 * 1024 * 1024
const PIECE = 8 * 1024 * 1024

const Passage = z.object({
  text: z.string(),
  page: z.int().nullable().describe('From 1; null where the document has no pages'),
  heading: z.string().nullable().describe('Headings above it, outermost first'),
  start: z.int().describe('First character of the passage in the text of the whole document'),
  end: z.int(),
})

export const read = defineTool({
  id: 'documents.read',
  title: 'Read a document',
  description:
    'Reads a PDF, Word, HTML, Markdown, CSV or text document as passages with page, heading and position, so that an answer can say where each number came from.',
  input: z.object({
    path: z.string().optional().describe('Absolute path of the document; give this or `blob`'),
    blob: z.string().optional().describe('SHA-256 of stored bytes; give this or `path`'),
    name: z.string().max(300).optional().describe('File name of a blob, which tells its kind'),
    from: z.int().min(0).default(0).describe('Begin at the passage that holds this character'),
    pages: z
      .object({ from: z.int().min(1), to: z.int().min(1) })
      .optional()
      .describe('Only these pages'),
    maxChars: z.int().min(100).max(2_000_000).default(60_000).describe('Characters of passages at most; `next` tells where to go on'),
  }),
  output: z.object({
    document: z.object({
      path: z.string().nullable(),
      name: z.string(),
      hash: z.string().nullable().describe('SHA-256 of what was read'),
      kind: z.enum(['pdf', 'docx', 'html', 'markdown', 'csv', 'text']),
      title: z.string().nullable(),
      pages: z.int().nullable(),
      characters: z.int().describe('Of the whole text'),
    }),
    passages: z.array(Passage),
    outline: z
      .array(z.object({ heading: z.string(), page: z.int().nullable(), start: z.int() }))
      .describe('Where each heading begins, of a document that is longer than what is given here; `start` goes into `from`'),
    next: z.int().nullable().describe('Give it as `from` to go on; null at the end'),
    notes: z.array(z.string()).describe('What could not be read'),
  }),
  effect: 'read',
  lane: 'cpu',
  needs: { 'fs.read': ['path'] },
  run: async (input, host) => {
    const { bytes, name, hash } = await bytesOf(input, host)
    const found = await readDocument(bytes, name, (done, of) => {
      if (of > 20 && done % 10 === 0) host.progress({ done, of, unit: 'pages', now: name })
    })
    const all = passagesOf(found.blocks)
    const { pages } = input
    const wanted = all.filter((passage) => passage.end > input.from && (!pages || inPages(passage.page, pages)))
    const given = upTo(wanted, input.maxChars)
    return {
      document: {
        path: input.path ?? null,
        name,
        hash,
        kind: found.kind,
        title: found.title,
        pages: found.pages,
        characters: all.at(-1)?.end ?? 0,
      },
      passages: given,
      outline: input.from === 0 && given.length < all.length ? outlineOf(all) : [],
      next: wanted[given.length]?.start ?? null,
      notes: all.length === 0 ? [...found.notes, 'There is no text in this document.'] : found.notes,
    }
  },
  examples: [
    {
      title: 'An invoice in Markdown',
      input: { path: '/home/ada/Documents/invoice.md' },
      output: {
        passages: [
          { text: 'Invoice 2041\nFrom: Copper Kettle Ltd', page: null, heading: 'Invoice 2041', start: 0, end: 36 },
          {
            text: 'Total\n| Item | Amount |\n| --- | --- |\n| Kettle | 49.90 EUR |',
            page: null,
            heading: 'Invoice 2041 › Total',
            start: 38,
            end: 98,
          },
        ],
        outline: [],
        next: null,
        notes: [],
      },
    },
    { title: 'A table', input: { path: '/home/ada/Documents/expenses.csv' } },
  ],
})

const OUTLINE_MOST = 60

/** Headings in their order, each where it begins. */
function outlineOf(passages: readonly Piece[]): { heading: string; page: number | null; start: number }[] {
  const first = passages.filter(({ heading }, index) => heading !== null && heading !== passages[index - 1]?.heading)
  return first.slice(0, OUTLINE_MOST).map(({ heading, page, start }) => ({ heading: heading ?? '', page, start }))
}

const inPages = (page: number | null, pages: { from: number; to: number }): boolean =>
  page !== null && page >= pages.from && page <= pages.to

function upTo<Item extends { text: string }>(items: readonly Item[], characters: number): Item[] {
  let left = characters
  const count = items.findIndex((item, index) => {
    left -= item.text.length
    return left < 0 && index > 0
  })
  return count < 0 ? [...items] : items.slice(0, count)
}

async function bytesOf(
  input: { path?: string | undefined; blob?: string | undefined; name?: string | undefined },
  host: HostV1,
): Promise<{ bytes: Uint8Array; name: string; hash: string | null }> {
  if ((input.path === undefined) === (input.blob === undefined))
    throw new LifeOsError('document-which', 'Give either `path` or `blob`.', { class: 'user' })
  if (input.blob !== undefined) return { bytes: await host.blobs.get(input.blob), name: input.name ?? 'document', hash: input.blob }
  const path = input.path ?? ''
  const stat = await host.fs.stat(path)
  if (!stat || stat.kind !== 'file')
    throw new LifeOsError('document-missing', `There is no file ${path}. Check the path.`, { class: 'user' })
  const bytes = await wholeFile(path, stat.name, host)
  const [hashed] = await host.fs.hash([path])
  return { bytes, name: stat.name, hash: hashed?.hash ?? null }
}

/** Piece by piece: its size may change meanwhile. */
async function wholeFile(path: string, name: string, host: HostV1): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let size = 0
  for (;;) {
    const piece = await host.fs.read(path, { offset: size, length: PIECE })
    pieces.push(piece)
    size += piece.byteLength
    if (size > MAX_BYTES)
      throw new LifeOsError('document-too-large', `${name} has more than 64 MiB, the most that can be read.`, { class: 'user' })
    if (piece.byteLength < PIECE) break
  }
  const bytes = new Uint8Array(size)
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.byteLength
  }
  return bytes
}

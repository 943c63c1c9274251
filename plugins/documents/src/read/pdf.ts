import { LifeOsError } from '@life-os/plugin-sdk'
import { extractText, getDocumentProxy } from 'unpdf'
import type { ReadDocument } from './types.ts'

/** Pages read at most. */
export const MAX_PAGES = 2000

/**
 * Text by page. A page without text (a scan) is noted, not read.
 * @throws `document-locked` for a password, `document-broken` for what is no PDF.
 */
export async function readPdf(bytes: Uint8Array, onPage: (done: number, of: number) => void): Promise<ReadDocument> {
  const pdf = await getDocumentProxy(bytes, { disableFontFace: true, useSystemFonts: false }).catch((error: unknown) => {
    throw pdfFault(error)
  })
  try {
    const pages = Math.min(pdf.numPages, MAX_PAGES)
    const { text } = await extractText(pdf, { mergePages: false })
    const empty: number[] = []
    const blocks = text.slice(0, pages).flatMap((words, index) => {
      onPage(index + 1, pages)
      if (words.trim() === '') empty.push(index + 1)
      return words.split(/\n{2,}/).map((part) => ({ text: part, page: index + 1, heading: null }))
    })
    return { kind: 'pdf', title: await titleOf(pdf), pages: pdf.numPages, blocks, notes: notesOf(empty, pdf.numPages) }
  } catch (error) {
    throw pdfFault(error)
  } finally {
    await pdf.loadingTask.destroy()
  }
}

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>

async function titleOf(pdf: Pdf): Promise<string | null> {
  const { info } = await pdf.getMetadata().catch(() => ({ info: {} }))
  const title = (info as Record<string, unknown>)['Title'] // a free-form dictionary by the format
  return typeof title === 'string' && title.trim() !== '' ? title.trim().slice(0, 300) : null
}

function notesOf(empty: readonly number[], pages: number): string[] {
  const notes: string[] = []
  if (pages > MAX_PAGES) notes.push(`Only the first ${MAX_PAGES} of ${pages} pages were read.`)
  if (empty.length > 0)
    notes.push(`Without text, so probably pictures: page ${empty.slice(0, 20).join(', ')}${empty.length > 20 ? ' and more' : ''}.`)
  return notes
}

function pdfFault(error: unknown): LifeOsError {
  if (error instanceof LifeOsError) return error
  const name = error instanceof Error ? error.name : ''
  if (name === 'PasswordException')
    return new LifeOsError('document-locked', 'This PDF is locked with a password. Save a copy without one and read that.', {
      class: 'user',
    })
  return new LifeOsError('document-broken', 'This is no PDF that can be read. It may be cut off or damaged.', { class: 'user' })
}

import { LifeOsError } from '@life-os/plugin-sdk'
import { readDocx } from './docx.ts'
import { readHtml } from './html.ts'
import { readPdf } from './pdf.ts'
import { readCsv, readMarkdown, readText } from './plain.ts'
import type { ReadDocument } from './types.ts'

/** What a document is told apart by: its first bytes, then its name. */
export function kindOf(bytes: Uint8Array, name: string): ReadDocument['kind'] {
  if (starts(bytes, '%PDF-', 1024)) return 'pdf'
  const extension = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''
  if (starts(bytes, 'PK\x03\x04', 0)) {
    if (extension === 'docx' || includes(bytes, 'word/')) return 'docx'
    throw unknown(name)
  }
  if (extension === 'pdf' || extension === 'docx') return extension
  if (extension === 'md' || extension === 'markdown') return 'markdown'
  if (extension === 'csv' || extension === 'tsv') return 'csv'
  if (extension === 'html' || extension === 'htm' || /^\s*(<!doctype html|<html)/i.test(head(bytes))) return 'html'
  if (isBinary(bytes)) throw unknown(name)
  return 'text'
}

/** Reads a whole document. @throws `document-unknown`, `document-broken`, `document-locked`, `document-too-complex`. */
export async function readDocument(
  bytes: Uint8Array,
  name: string,
  onPage: (done: number, of: number) => void = () => undefined,
): Promise<ReadDocument> {
  const kind = kindOf(bytes, name)
  switch (kind) {
    case 'pdf':
      return readPdf(bytes, onPage)
    case 'docx':
      return readDocx(bytes)
    case 'html':
      return readHtml(decoded(bytes))
    case 'markdown':
      return readMarkdown(decoded(bytes))
    case 'csv':
      return readCsv(decoded(bytes))
    case 'text':
      return readText(decoded(bytes))
  }
}

/** By byte order mark, else UTF-8, else Windows-1252, which has a letter for every byte. */
export function decoded(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

const head = (bytes: Uint8Array): string => new TextDecoder('windows-1252').decode(bytes.subarray(0, 512))
const starts = (bytes: Uint8Array, mark: string, within: number): boolean =>
  new TextDecoder('windows-1252').decode(bytes.subarray(0, within + mark.length)).includes(mark)
const includes = (bytes: Uint8Array, mark: string): boolean =>
  new TextDecoder('windows-1252').decode(bytes.subarray(0, 65_536)).includes(mark)

/** Text has no NUL, but for UTF-16 with its mark. */
function isBinary(bytes: Uint8Array): boolean {
  const marked = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  return !marked && bytes.subarray(0, 8192).includes(0)
}

const unknown = (name: string): LifeOsError =>
  new LifeOsError('document-unknown', `${name} is no document that can be read: PDF, Word (.docx), HTML, Markdown, CSV or text.`, {
    class: 'user',
  })

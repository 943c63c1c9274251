import type { Sniffed } from '@life-os/plugin-sdk'
import type { Reader } from './content.ts'
import { nameOf, splitExtension } from '../paths/path.ts'
import { groupOf, typeOfExtension } from './file-groups.ts'

type Group = Sniffed['group']
/** Enough for every signature and for the first entries of an archive, from which office formats are told apart. */
const HEAD = 64 * 1024
/** EXIF lies near the start; more than this is never read for it. */
const EXIF_HEAD = 256 * 1024

export interface Sniffer {
  sniff(path: string, reader: Reader): Promise<Sniffed>
}

/** Tells what a file is by its content; its extension only tells kinds of text apart. The libraries load on first use. */
export function createSniffer(): Sniffer {
  return {
    async sniff(path, reader) {
      const head = await reader.read(0, HEAD)
      const byContent = head.length === 0 ? undefined : await typeOf(head)
      const found = byContent ?? typeOfText(path, head)
      const photo = found.group === 'picture' ? await photoOf(reader, head, found.mime) : { takenAt: null, camera: null }
      return { path, ...found, ...photo }
    },
  }
}

async function typeOf(head: Uint8Array): Promise<{ mime: string; extension: string; group: Group } | undefined> {
  if (isPlainText(head)) return undefined
  const { fileTypeFromBuffer } = await import('file-type')
  const type = await fileTypeFromBuffer(head).catch(() => undefined) // a malformed or cut-off container has no type
  if (!type || type.ext === 'xml') return undefined // told apart below, with the other texts
  return { mime: type.mime, extension: type.ext, group: groupOf(type.mime, type.ext) }
}

/** The formats that are text begin with one of these; all others have bytes that no text has. */
const TEXT_FORMAT = /^[%<{!]|^\xef\xbb\xbf|^(BEGIN|WEBVTT|solid |070707|ISO-10303|# vtk|-----)/
/** Plain text needs no search through all signatures, which takes 0.3 ms. */
const isPlainText = (head: Uint8Array): boolean =>
  !TEXT_FORMAT.test(Buffer.from(head.subarray(0, 16)).toString('latin1')) && textEncodingOf(head) === 'utf8'

/** Text without a signature: its extension says which kind, if it names one; a shebang makes it code. */
function typeOfText(path: string, head: Uint8Array): { mime: string; extension: string | null; group: Group } {
  const extension = splitExtension(nameOf(path))[1].slice(1).toLowerCase() || null
  const encoding = textEncodingOf(head)
  if (encoding === null) return { mime: 'application/octet-stream', extension: null, group: 'other' }
  const known = extension === null ? undefined : typeOfExtension(extension)
  if (known) return { ...known, extension }
  const start = Buffer.from(head.subarray(0, 512)).toString(encoding).trimStart()
  if (start.startsWith('#!')) return { mime: 'text/x-script', extension: null, group: 'code' }
  if (/<svg[\s>]/.test(start)) return { mime: 'image/svg+xml', extension: 'svg', group: 'picture' }
  if (start.startsWith('<?xml')) return { mime: 'application/xml', extension: 'xml', group: 'data' }
  if (/^<!doctype html|^<html[\s>]/i.test(start)) return { mime: 'text/html', extension: 'html', group: 'document' }
  if (/^(BEGIN:VCALENDAR|BEGIN:VCARD)\r?\n/.test(start))
    return {
      mime: start.startsWith('BEGIN:VCARD') ? 'text/vcard' : 'text/calendar',
      extension: start.startsWith('BEGIN:VCARD') ? 'vcf' : 'ics',
      group: 'data',
    }
  return { mime: 'text/plain', extension: head.length === 0 ? null : 'txt', group: head.length === 0 ? 'other' : 'document' }
}

/** The encoding of a text, null when it is none. UTF-8, UTF-16 by its mark, and Latin-1 without control characters. */
function textEncodingOf(head: Uint8Array): 'utf8' | 'utf16le' | 'latin1' | null {
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return 'utf16le'
  if (head.includes(0)) return null
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
    return controls(head) ? null : 'utf8'
  } catch {
    return controls(head) || head.length < 16 ? null : 'latin1'
  }
}
const controls = (head: Uint8Array): boolean =>
  head.some((byte) => byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13 && byte !== 27)

async function photoOf(reader: Reader, head: Uint8Array, mime: string): Promise<{ takenAt: number | null; camera: string | null }> {
  const none = { takenAt: null, camera: null }
  if (!/^image\/(jpeg|tiff|heic|heif|avif|png|webp|x-|dng)/.test(mime)) return none
  if (mime === 'image/jpeg' && !Buffer.from(head.buffer, head.byteOffset, head.byteLength).includes('Exif\0\0')) return none
  const bytes = reader.size > head.length ? await reader.read(0, EXIF_HEAD) : head
  const { default: exifr } = await import('exifr')
  const pick = ['DateTimeOriginal', 'CreateDate', 'Make', 'Model']
  const tags: unknown = await exifr.parse(bytes, { pick, reviveValues: false, xmp: false, icc: false, iptc: false }).catch(() => undefined)
  if (typeof tags !== 'object' || tags === null) return none
  const text = (name: string): string | undefined => {
    const value: unknown = Reflect.get(tags, name)
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
  }
  return { takenAt: exifTime(text('DateTimeOriginal') ?? text('CreateDate')), camera: cameraOf(text('Make'), text('Model')) }
}

/** `2024:05:01 12:30:00` has no zone: read as UTC, so that the date in a name is the date on the clock in the picture. */
function exifTime(value: string | undefined): number | null {
  const match = /^(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)/.exec(value ?? '')
  if (!match) return null
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [number, number, number, number, number, number] // six groups
  const time = Date.UTC(year, month - 1, day, hour, minute, second)
  return year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= 31 ? time : null
}
const cameraOf = (make?: string, model?: string): string | null =>
  make && model && !model.startsWith(make) ? `${make} ${model}` : (model ?? make ?? null)

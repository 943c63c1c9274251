import { isUtf8 } from 'node:buffer'
import { LifeOsError } from '@life-os/contract'

/**
 * File names are bytes, our texts are Unicode. A byte that is no part of valid UTF-8, and each byte of a character that
 * really lies in U+10FE00–U+10FEFF, is written as U+10FE00 + byte. Every name so round-trips through JSON, CEL and both
 * databases, and two different names never share a text. `/` is left alone, so both functions also take whole paths.
 */
const ESCAPE_FIRST = 0x10fe00
const ESCAPE_LAST = 0x10feff
/** Every character of the escape range begins with these two bytes. */
const ESCAPE_LEAD = Buffer.from([0xf4, 0x8f])

/** The text of a name's bytes. NUL is refused with `name-invalid`: no file system has it and PostgreSQL's text cannot. */
export function encodeName(bytes: Buffer): string {
  if (bytes.includes(0)) throw invalid('A file name cannot contain a NUL byte; leave it out.')
  if (isUtf8(bytes) && !bytes.includes(ESCAPE_LEAD)) return bytes.toString('utf8')
  let text = ''
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at)
    const character = length > 0 ? bytes.toString('utf8', at, at + length) : ''
    if (length > 0 && !isEscape(character.codePointAt(0) ?? 0)) {
      text += character
      at += length
    } else {
      for (const end = at + Math.max(length, 1); at < end; at++) text += String.fromCodePoint(ESCAPE_FIRST + (bytes[at] ?? 0))
    }
  }
  return text
}

/**
 * The bytes of a name's text. Only what {@link encodeName} can make is accepted, or a text with escapes could be an alias
 * of another name and slip past a check made on the text: `name-invalid` otherwise, as for NUL and lone surrogates.
 */
export function decodeName(name: string): Buffer {
  if (name.includes('\0')) throw invalid('A file name cannot contain a NUL character; leave it out.')
  if (!name.isWellFormed()) throw invalid('This file name holds half of a surrogate pair, which no text encoding can write; rename it.')
  if (!hasEscape(name)) return Buffer.from(name, 'utf8')
  const parts: Buffer[] = []
  for (const character of name) {
    const point = character.codePointAt(0) ?? 0
    parts.push(isEscape(point) ? Buffer.from([point - ESCAPE_FIRST]) : Buffer.from(character, 'utf8'))
  }
  const bytes = Buffer.concat(parts)
  if (encodeName(bytes) !== name) throw invalid('This file name escapes bytes that need no escape; use the name as Life-OS lists it.')
  return bytes
}

/** The length of the valid UTF-8 sequence at `at` (Unicode 16, table 3-7), 0 when there is none. */
function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0
  const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0
  return length > 0 && at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0
}

const isEscape = (point: number): boolean => point >= ESCAPE_FIRST && point <= ESCAPE_LAST
const hasEscape = (name: string): boolean => /[\u{10FE00}-\u{10FEFF}]/u.test(name)
const invalid = (message: string): LifeOsError => new LifeOsError('name-invalid', message, { class: 'user', applied: 'no' })

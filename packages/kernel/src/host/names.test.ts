import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeName, encodeName } from './names.ts'

const escaped = (...bytes: number[]): string => bytes.map((byte) => String.fromCodePoint(0x10fe00 + byte)).join('')
const anyBytes = fc.uint8Array({ maxLength: 255, min: 1, max: 255 }).map((bytes) => Buffer.from(bytes))
/** Bytes that look like text with faults: pieces of UTF-8, cut sequences, characters of the escape range. */
const almostText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme' }).map((text) => Buffer.from(text.replaceAll('\0', ''))),
      fc.integer({ min: 0x10fdf0, max: 0x10ffff }).map((point) => Buffer.from(String.fromCodePoint(point))),
      fc
        .constantFrom([0xf4, 0x8f], [0xf4, 0x8f, 0xb8], [0xed, 0xa0, 0x80], [0xc0, 0x80], [0xff], [0xf4, 0x90, 0x80, 0x80])
        .map((bytes) => Buffer.from(bytes)),
    ),
    { maxLength: 8 },
  )
  .map((parts) => Buffer.concat(parts))

test('every name round-trips, and through JSON too', () => {
  fc.assert(
    fc.property(fc.oneof(anyBytes, almostText), (bytes) => {
      const text = encodeName(bytes)
      expect(text.isWellFormed()).toBe(true)
      expect(decodeName(JSON.parse(JSON.stringify(text)) as string)).toEqual(bytes) // a string stays a string in JSON
    }),
    { numRuns: 500 },
  )
})

test('a text is the name of at most one file: what decodes encodes back to itself', () => {
  const texts = fc.array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.integer({ min: 0x10fdf0, max: 0x10ff10 }).map((point) => String.fromCodePoint(point)),
    ),
    { maxLength: 6 },
  )
  fc.assert(
    fc.property(
      texts.map((parts) => parts.join('')),
      (text) => {
        const bytes = attempt(() => decodeName(text))
        if (bytes) expect(encodeName(bytes)).toBe(text)
      },
    ),
    { numRuns: 500 },
  )
})

test('encoding a path is encoding its parts', () => {
  fc.assert(
    fc.property(fc.array(almostText, { minLength: 1, maxLength: 4 }), (parts) => {
      const path = Buffer.concat(parts.flatMap((part) => [Buffer.from('/'), part]))
      expect(encodeName(path)).toBe(parts.map((part) => `/${encodeName(part)}`).join(''))
    }),
  )
})

test('valid text is left as it is', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }).filter((text) => !/[\0\u{10FE00}-\u{10FEFF}]/u.test(text)),
      (text) => {
        expect(encodeName(Buffer.from(text))).toBe(text)
      },
    ),
  )
})

test.each([
  ['latin-1 é', [0x63, 0x61, 0x66, 0xe9], `caf${escaped(0xe9)}`],
  ['a cut sequence', [0xe2, 0x82, 0x61], `${escaped(0xe2, 0x82)}a`],
  ['an overlong slash', [0xc0, 0xaf], escaped(0xc0, 0xaf)],
  ['an encoded surrogate', [0xed, 0xa0, 0x80], escaped(0xed, 0xa0, 0x80)],
  ['a real U+10FE2F', [0xf4, 0x8f, 0xb8, 0xaf], escaped(0xf4, 0x8f, 0xb8, 0xaf)],
  ['beyond U+10FFFF', [0xf4, 0x90, 0x80, 0x80], escaped(0xf4, 0x90, 0x80, 0x80)],
  ['a byte order mark', [0xef, 0xbb, 0xbf, 0x61], '\uFEFFa'],
])('%s', (_name, bytes, text) => {
  expect(encodeName(Buffer.from(bytes))).toBe(text)
  expect(decodeName(text)).toEqual(Buffer.from(bytes))
})

test.each([
  ['NUL', 'a\0b'],
  ['an escaped NUL', `a${escaped(0)}b`],
  ['an escaped slash, which would leave the folder', `..${escaped(0x2f)}etc`],
  ['an escaped letter, an alias of another name', escaped(0x61)],
  ['escapes that spell valid UTF-8', escaped(0xc3, 0xa9)],
  ['a lone surrogate', 'a\uD800'],
])('%s is refused', (_name, text) => {
  expect(() => decodeName(text)).toThrow(expect.objectContaining({ code: 'name-invalid' }))
})

test('NUL bytes are refused', () => {
  expect(() => encodeName(Buffer.from([0x61, 0]))).toThrow(expect.objectContaining({ code: 'name-invalid' }))
})

test.skipIf(process.platform !== 'linux')('a real file with an invalid name is found again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'names-'))
  try {
    const name = Buffer.from([0x61, 0xff, 0x0a, 0xe9])
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), name]), 'x')
    const [found] = readdirSync(Buffer.from(folder), { encoding: 'buffer' })
    expect(decodeName(encodeName(found ?? Buffer.alloc(0)))).toEqual(name)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

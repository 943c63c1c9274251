import { describe, expect, test } from 'vitest'
import zlib from 'node:zlib'
import { createSniffer } from './sniff.ts'
import type { Reader } from './content.ts'

const readerOf = (bytes: Uint8Array): Reader => ({
  size: bytes.length,
  mtime: null,
  read: async (offset, length) => bytes.subarray(offset, offset + length),
  close: async () => {},
})
const sniff = (name: string, content: Uint8Array | string) =>
  createSniffer().sniff(`/x/${name}`, readerOf(typeof content === 'string' ? Buffer.from(content) : content))

/** A zip of stored entries: local headers alone are what signatures look at. */
function zipOf(entries: Record<string, string>): Buffer {
  const parts = Object.entries(entries).map(([name, content]) => {
    const header = Buffer.alloc(30)
    header.writeUInt32LE(0x04034b50, 0)
    header.writeUInt16LE(20, 4)
    header.writeUInt32LE(zlib.crc32(content), 14)
    header.writeUInt32LE(content.length, 18)
    header.writeUInt32LE(content.length, 22)
    header.writeUInt16LE(name.length, 26)
    return Buffer.concat([header, Buffer.from(name), Buffer.from(content)])
  })
  return Buffer.concat(parts)
}

/** The smallest JPEG that carries EXIF: one APP1 segment with the tags given, each ASCII (TIFF 6.0, section 2; Exif 2.3). */
function photoOf(tags: Record<number, string>, inExif: Record<number, string>): Buffer {
  const start = 8
  const directory = (entries: [number, number, number, number][]): Buffer => {
    const buffer = Buffer.alloc(2 + entries.length * 12 + 4)
    buffer.writeUInt16LE(entries.length, 0)
    entries.forEach(([tag, type, count, value], index) => {
      buffer.writeUInt16LE(tag, 2 + index * 12)
      buffer.writeUInt16LE(type, 4 + index * 12)
      buffer.writeUInt32LE(count, 6 + index * 12)
      buffer.writeUInt32LE(value, 10 + index * 12)
    })
    return buffer
  }
  const [first, second] = [Object.entries(tags), Object.entries(inExif)]
  const secondAt = start + 2 + (first.length + 1) * 12 + 4
  let textAt = secondAt + 2 + second.length * 12 + 4
  const texts: Buffer[] = []
  const place = ([tag, text]: [string, string]): [number, number, number, number] => {
    const bytes = Buffer.from(`${text}\0\0\0\0`)
    texts.push(bytes)
    textAt += bytes.length
    return [Number(tag), 2, text.length + 1, textAt - bytes.length]
  }
  const [mainEntries, exifEntries] = [first.map(place), second.map(place)]
  const tiff = Buffer.concat([
    Buffer.from('II*\0\x08\0\0\0', 'latin1'),
    directory([...mainEntries, [0x8769, 4, 1, secondAt]]),
    directory(exifEntries),
    ...texts,
  ])
  const app1 = Buffer.concat([Buffer.from('Exif\0\0'), tiff])
  const length = Buffer.alloc(2)
  length.writeUInt16BE(app1.length + 2)
  return Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe1]), length, app1, Buffer.from([0xff, 0xd9])])
}

describe('by content, not by name', () => {
  test.each([
    [
      'picture.txt',
      Buffer.from([
        0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0x49, 0x44, 0x41, 0x54,
      ]),
      'image/png',
      'png',
      'picture',
    ],
    ['paper', Buffer.from('%PDF-1.7\n%âãÏÓ\n'), 'application/pdf', 'pdf', 'document'],
    ['x.jpg', Buffer.from('7z\xbc\xaf\x27\x1c\0\x04', 'latin1'), 'application/x-7z-compressed', '7z', 'archive'],
    [
      'letter.zip',
      zipOf({
        '[Content_Types].xml':
          '<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        'word/document.xml': '<w/>',
      }),
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      'docx',
      'document',
    ],
    ['book.zip', zipOf({ mimetype: 'application/epub+zip' }), 'application/epub+zip', 'epub', 'document'],
    ['plain.zip', zipOf({ 'a.txt': 'a' }), 'application/zip', 'zip', 'archive'],
    ['setup.pdf', Buffer.from(`MZ${'\0'.repeat(200)}`), 'application/x-msdownload', 'exe', 'installer'],
    ['tool', Buffer.from(`!<arch>\ndebian-binary   `), 'application/x-deb', 'deb', 'installer'],
    ['song', Buffer.from('fLaC\0\0\0\x22'), 'audio/flac', 'flac', 'audio'],
    ['film', Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isomiso2', 'latin1'), 'video/mp4', 'mp4', 'video'],
    ['db', Buffer.from('SQLite format 3\0\x10\0'), 'application/x-sqlite3', 'sqlite', 'data'],
    ['type', Buffer.from('wOF2\0\x01\0\0', 'latin1'), 'font/woff2', 'woff2', 'font'],
    ['rich', Buffer.from('{\\rtf1 hello}'), 'application/rtf', 'rtf', 'document'],
  ])('%s', async (name, content, mime, extension, group) => expect(await sniff(name, content)).toMatchObject({ mime, extension, group }))
})

describe('texts, which only their extension tells apart', () => {
  test.each([
    ['a.md', '# Title', 'text/markdown', 'md', 'document'],
    ['a.csv', 'a,b\n1,2', 'text/csv', 'csv', 'data'],
    ['a.json', '{"a":1}', 'application/json', 'json', 'data'],
    ['a.ts', 'export {}', 'text/x-typescript', 'ts', 'code'],
    ['a.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml', 'svg', 'picture'],
    ['logo', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml', 'svg', 'picture'],
    ['page', '<!DOCTYPE html><p>', 'text/html', 'html', 'document'],
    ['run', '#!/bin/sh\necho', 'text/x-script', null, 'code'],
    ['notes', 'just words', 'text/plain', 'txt', 'document'],
    ['old.txt', Buffer.from('Gr\xfc\xdfe aus M\xfcnchen', 'latin1'), 'text/plain', 'txt', 'document'],
    ['wide.txt', Buffer.from('\ufeffhello', 'utf16le'), 'text/plain', 'txt', 'document'],
    ['a.pdf', 'not a pdf at all', 'text/plain', 'txt', 'document'],
    ['noise.txt', Buffer.from([1, 2, 3, 4, 250, 251]), 'application/octet-stream', null, 'other'],
    ['empty', '', 'text/plain', null, 'other'],
  ])('%s', async (name, content, mime, extension, group) => expect(await sniff(name, content)).toMatchObject({ mime, extension, group }))
})

describe('photos', () => {
  const taken = Date.UTC(2023, 6, 14, 18, 5, 9)
  test('tell when and with what they were taken', async () => {
    const photo = photoOf({ 0x010f: 'Canon', 0x0110: 'Canon EOS 80D' }, { 0x9003: '2023:07:14 18:05:09' })
    expect(await sniff('IMG_1.JPG', photo)).toMatchObject({ mime: 'image/jpeg', takenAt: taken, camera: 'Canon EOS 80D' })
    const other = photoOf({ 0x010f: 'Apple', 0x0110: 'iPhone 12' }, { 0x9004: '2023:07:14 18:05:09' })
    expect(await sniff('IMG_2.JPG', other)).toMatchObject({ takenAt: taken, camera: 'Apple iPhone 12' })
  })
  test.each(['0000:00:00 00:00:00', '    :  :     :  :  ', '2023:13:40 99:99:99', 'yesterday'])('a date of %j is none', async (date) => {
    expect(await sniff('x.jpg', photoOf({ 0x010f: 'A' }, { 0x9003: date }))).toMatchObject({ takenAt: null })
  })
  test('broken EXIF is no error', async () => {
    const broken = Buffer.concat([
      Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0, 30]),
      Buffer.from('Exif\0\0II*\0\xff\xff\xff\xff', 'latin1'),
      Buffer.alloc(20),
    ])
    expect(await sniff('x.jpg', broken)).toMatchObject({ mime: 'image/jpeg', takenAt: null, camera: null })
  })
})

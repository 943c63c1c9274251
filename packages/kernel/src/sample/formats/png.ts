import { crc32, deflateSync } from 'node:zlib'
import { exifBlock } from './exif.ts'
import type { Mosaic } from './mosaic.ts'

const CELL = 8

/** An 8-bit RGB PNG of the mosaic, each cell 8×8 pixels. */
export function png(mosaic: Mosaic, photo?: { takenAt: Date; make: string; model: string }): Buffer {
  const width = mosaic.columns * CELL
  const height = mosaic.rows * CELL
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    ...(photo ? [chunk('eXIf', exifBlock(photo))] : []),
    chunk('IDAT', deflateSync(pixels(mosaic, width, height))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function pixels(mosaic: Mosaic, width: number, height: number): Buffer {
  const bytes = Buffer.alloc((width * 3 + 1) * height)
  let at = 0
  for (let y = 0; y < height; y += 1) {
    bytes[at++] = 0 // filter: none
    for (let x = 0; x < width; x += 1) {
      const colour = mosaic.cells[Math.floor(y / CELL) * mosaic.columns + Math.floor(x / CELL)] ?? [0, 0, 0]
      bytes.set(colour, at)
      at += 3
    }
  }
  return bytes
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const bytes = Buffer.alloc(8 + body.length)
  bytes.writeUInt32BE(content.length, 0)
  body.copy(bytes, 4)
  bytes.writeUInt32BE(crc32(body), 4 + body.length)
  return bytes
}

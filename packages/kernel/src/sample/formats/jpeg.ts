import { exifBlock } from './exif.ts'
import type { Mosaic } from './mosaic.ts'

/**
 * A baseline JPEG of flat 8×8 blocks: only DC coefficients, so the encoder needs no cosine transform.
 * Tables after ITU T.81 annex K (DC luminance); one AC code, end of block.
 */
export function jpeg(mosaic: Mosaic, photo?: { takenAt: Date; make: string; model: string }): Buffer {
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    photo ? segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), exifBlock(photo)])) : segment(0xe0, JFIF),
    segment(0xdb, Buffer.concat([Buffer.from([0]), Buffer.alloc(64, 8)])),
    segment(0xc0, frame(mosaic.columns * 8, mosaic.rows * 8)),
    segment(0xc4, Buffer.from([0x00, ...DC_LENGTHS, ...DC_SYMBOLS])),
    segment(0xc4, Buffer.from([0x10, 1, ...new Array<number>(15).fill(0), 0x00])),
    segment(0xda, Buffer.from([3, 1, 0x00, 2, 0x00, 3, 0x00, 0, 63, 0])),
    scan(mosaic),
    Buffer.from([0xff, 0xd9]),
  ])
}

const JFIF = Buffer.from([0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0])
const DC_LENGTHS = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]
const DC_SYMBOLS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
/** Code and length of each DC size class, from the two lists above. */
const DC_CODES = huffmanCodes()

function segment(marker: number, content: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(content.length + 2, 2)
  return Buffer.concat([head, content])
}

function frame(width: number, height: number): Buffer {
  const head = Buffer.from([8, 0, 0, 0, 0, 3])
  head.writeUInt16BE(height, 1)
  head.writeUInt16BE(width, 3)
  return Buffer.concat([head, Buffer.from([1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0])])
}

function huffmanCodes(): { code: number; length: number }[] {
  const codes: { code: number; length: number }[] = []
  let code = 0
  DC_LENGTHS.forEach((count, index) => {
    for (let i = 0; i < count; i += 1) codes.push({ code: code++, length: index + 1 })
    code <<= 1
  })
  return codes
}

function scan(mosaic: Mosaic): Buffer {
  const out = bitWriter()
  const previous = [0, 0, 0]
  for (const colour of mosaic.cells) {
    toYcc(colour).forEach((level, component) => {
      const difference = level - (previous[component] ?? 0)
      previous[component] = level
      writeDifference(out, difference)
      out.put(0, 1) // end of block: no AC coefficients
    })
  }
  return out.finish()
}

function writeDifference(out: BitWriter, difference: number): void {
  const size = difference === 0 ? 0 : Math.floor(Math.log2(Math.abs(difference))) + 1
  const entry = DC_CODES[size]
  if (!entry) throw new Error(`a DC difference of ${difference} has no code`)
  out.put(entry.code, entry.length)
  if (size > 0) out.put(difference > 0 ? difference : difference + 2 ** size - 1, size)
}

/** DC levels of a flat block: 8 × (value − 128) ÷ quantiser 8. */
function toYcc([red, green, blue]: readonly [number, number, number]): [number, number, number] {
  const luminance = 0.299 * red + 0.587 * green + 0.114 * blue
  return [Math.round(luminance) - 128, Math.round((blue - luminance) * 0.564), Math.round((red - luminance) * 0.713)]
}

interface BitWriter {
  put(value: number, length: number): void
  finish(): Buffer
}
function bitWriter(): BitWriter {
  const bytes: number[] = []
  let held = 0
  let count = 0
  const put = (value: number, length: number): void => {
    for (let bit = length - 1; bit >= 0; bit -= 1) {
      held = (held << 1) | ((value >> bit) & 1)
      count += 1
      if (count === 8) {
        bytes.push(held)
        if (held === 0xff) bytes.push(0) // byte stuffing
        held = 0
        count = 0
      }
    }
  }
  return {
    put,
    finish: () => {
      while (count > 0) put(1, 1)
      return Buffer.from(bytes)
    },
  }
}

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BODY_LIMIT, HEADER_LIMIT, createFrameReader, encodeFrame } from './index.ts'
import type { Frame } from './index.ts'

function readAll(bytes: Uint8Array, sizes: Iterable<number> = [bytes.length]): Frame[] {
  const frames: Frame[] = []
  const read = createFrameReader((frame) => frames.push(frame))
  let at = 0
  for (const size of sizes) {
    if (at >= bytes.length) break
    read(bytes.subarray(at, at + size))
    at += size
  }
  if (at < bytes.length) read(bytes.subarray(at))
  return frames
}

describe('frames', () => {
  test('come out as they went in, however the stream is cut', () => {
    const part = fc.record({ header: fc.string({ minLength: 1 }), body: fc.uint8Array({ maxLength: 2000 }) })
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 200 }), (parts, sizes) => {
        const bytes = Buffer.concat(parts.map(({ header, body }) => encodeFrame(header, [body])))
        const frames = readAll(bytes, sizes)
        expect(frames.map((frame) => [frame.header, Buffer.from(frame.body).toString('hex')])).toEqual(
          parts.map(({ header, body }) => [Buffer.from(header).toString(), Buffer.from(body).toString('hex')]),
        )
      }),
    )
  })

  test('hold the most that is allowed and no byte more', () => {
    const [frame] = readAll(encodeFrame('x'.repeat(HEADER_LIMIT), [new Uint8Array(BODY_LIMIT)]))
    expect([frame?.header.length, frame?.body.length]).toEqual([HEADER_LIMIT, BODY_LIMIT])
    expect(() => encodeFrame('x'.repeat(HEADER_LIMIT + 1))).toThrow(expect.objectContaining({ code: 'frame-invalid' }))
    expect(() => encodeFrame('{}', [new Uint8Array(BODY_LIMIT), new Uint8Array(1)])).toThrow(
      expect.objectContaining({ code: 'frame-invalid' }),
    )
  })

  test.each([
    ['a header that is too long', [0xffffffff, HEADER_LIMIT + 1]],
    ['bytes that are too many', [4 + 2 + BODY_LIMIT + 1, 2]],
    ['no header', [10, 0]],
    ['a frame shorter than its header', [5, 2]],
    ['a length of zero', [0, 0]],
  ])('are refused on their first eight bytes: %s', (_, [length, header]) => {
    const prefix = Buffer.alloc(8)
    prefix.writeUInt32BE(length!, 0)
    prefix.writeUInt32BE(header!, 4)
    expect(() => readAll(prefix)).toThrow(expect.objectContaining({ code: 'frame-invalid' }))
  })

  test('never share memory with the chunk they came in', () => {
    const chunk = encodeFrame('{}', [Uint8Array.of(1, 2, 3)])
    const [frame] = readAll(chunk)
    chunk.fill(0)
    expect([...frame!.body]).toEqual([1, 2, 3])
  })
})

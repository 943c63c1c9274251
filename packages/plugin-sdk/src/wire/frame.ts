import { BODY_LIMIT, HEADER_LIMIT } from './limits.ts'
import { frameFault } from './fault.ts'

/**
 * A frame: u32 length of what follows, u32 length of the header (both big-endian), the header as UTF-8 JSON, raw bytes.
 */
export interface Frame {
  header: string
  body: Uint8Array
}

const PREFIX = 8
const EMPTY = new Uint8Array(0)

export function encodeFrame(header: string, parts: readonly Uint8Array[] = []): Buffer {
  const headerLength = Buffer.byteLength(header)
  if (headerLength > HEADER_LIMIT) throw frameFault(`a header of ${headerLength} bytes is above the limit of ${HEADER_LIMIT}`)
  let bodyLength = 0
  for (const part of parts) bodyLength += part.length
  if (bodyLength > BODY_LIMIT) throw frameFault(`${bodyLength} bytes in a frame are above the limit of ${BODY_LIMIT}`)
  const frame = Buffer.allocUnsafe(PREFIX + headerLength + bodyLength)
  frame.writeUInt32BE(4 + headerLength + bodyLength, 0)
  frame.writeUInt32BE(headerLength, 4)
  frame.write(header, PREFIX, 'utf8')
  let at = PREFIX + headerLength
  for (const part of parts) {
    frame.set(part, at)
    at += part.length
  }
  return frame
}

/** Cuts a stream of chunks into frames. Throws `frame-invalid` as soon as a length is out of bounds, before buffering it. */
export function createFrameReader(onFrame: (frame: Frame) => void): (chunk: Uint8Array) => void {
  let pending: Buffer[] = []
  let had = 0
  let wanted = PREFIX

  return (chunk) => {
    pending.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
    had += chunk.length
    if (had < wanted) return
    const buffer = pending.length === 1 ? pending[0]! : Buffer.concat(pending, had) // just pushed, never empty
    let at = 0
    wanted = PREFIX
    while (buffer.length - at >= PREFIX) {
      const length = frameLength(buffer, at)
      if (buffer.length - at < length) {
        wanted = length
        break
      }
      onFrame(frameAt(buffer, at, length))
      at += length
    }
    pending = at === buffer.length ? [] : [buffer.subarray(at)]
    had = buffer.length - at
  }
}

function frameLength(buffer: Buffer, at: number): number {
  const rest = buffer.readUInt32BE(at)
  const header = buffer.readUInt32BE(at + 4)
  if (header > HEADER_LIMIT) throw frameFault(`a header of ${header} bytes was announced, the limit is ${HEADER_LIMIT}`)
  if (header === 0 || rest < 4 + header) throw frameFault('a frame is shorter than its header')
  if (rest - 4 - header > BODY_LIMIT) throw frameFault(`a frame of ${rest} bytes was announced, its bytes may be ${BODY_LIMIT}`)
  return 4 + rest
}

function frameAt(buffer: Buffer, at: number, length: number): Frame {
  const start = at + PREFIX
  const end = start + buffer.readUInt32BE(at + 4)
  const header = buffer.toString('utf8', start, end)
  // A copy: the chunk it lies in is shared with other frames and must not be kept alive by one of them.
  return { header, body: end === at + length ? EMPTY : new Uint8Array(buffer.subarray(end, at + length)) }
}

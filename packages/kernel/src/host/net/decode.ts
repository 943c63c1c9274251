import { PassThrough, finished } from 'node:stream'
import type { Readable, Transform } from 'node:stream'
import zlib from 'node:zlib'
import { fault } from '../paths/faults.ts'

/** Encodings one on top of another; more is an attack or a mistake. */
const LAYERS = 3

/** The body without its content encodings, as a stream: what it unpacks to is counted by whoever reads it. Error: `encoding-unknown`. */
export function decoded(body: Readable, encodings: string | undefined): Readable {
  const names = (encodings ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity')
  if (names.length > LAYERS)
    throw fault('encoding-unknown', `The answer is packed ${names.length} times over; it was not read.`, { class: 'operational' })
  let stream = body
  for (const name of names.toReversed()) {
    const unpacker = unpackerFor(name)
    stream.on('error', (error) => unpacker.destroy(error))
    unpacker.on('close', () => body.destroy())
    stream = stream.pipe(unpacker)
  }
  return stream
}

function unpackerFor(name: string): Transform {
  switch (name) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip()
    case 'deflate':
      return zlib.createInflate()
    case 'br':
      return zlib.createBrotliDecompress()
    case 'zstd':
      return zlib.createZstdDecompress()
    default:
      throw fault('encoding-unknown', `The answer is packed as ${name}, which Life-OS cannot unpack.`, { class: 'operational' })
  }
}

/** Reads at most `most` bytes. Error: `response-too-large`, as soon as the limit is passed, however small the packed answer is. */
export async function collect(stream: Readable, most: number, url: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    const bytes = chunk as Buffer // neither undici nor zlib streams have an encoding set
    size += bytes.length
    if (size > most) throw tooLarge(url, most)
    chunks.push(bytes)
  }
  return Buffer.concat(chunks, size)
}
export const tooLarge = (url: string, most: number) =>
  fault('response-too-large', `${url} answers with more than ${most} bytes; raise maxBytes if you want it all.`, {
    details: { url, maxBytes: most },
  })

/**
 * Yields all that arrived before a stream broke, and only then its error: a broken stream drops what it still holds.
 * Listens from the call on, not only from the first read.
 */
export function salvaged(body: Readable): AsyncIterable<Buffer> {
  const held = new PassThrough({ highWaterMark: 4 * 1024 * 1024 })
  const ended = new Promise<unknown>((resolve) => void finished(body, (error) => resolve(error)))
  void ended.then((error) => error && held.end())
  body.pipe(held)
  return chunksThenError(held, ended)
}

async function* chunksThenError(held: Readable, ended: Promise<unknown>): AsyncGenerator<Buffer> {
  for await (const chunk of held) yield chunk as Buffer // no encoding set: chunks are buffers
  const failure = await ended
  if (failure) throw failure
}

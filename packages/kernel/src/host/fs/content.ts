import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { promisify } from 'node:util'
import type { Blobs } from '../../store/types.ts'
import { RECORDING_ENDED } from '../types.ts'
import type { Disk } from '../disk/disk.ts'
import type { Content } from '../disk/view.ts'
import { fault, systemFault } from '../paths/faults.ts'

const readDescriptor = promisify(fs.read)
const CHUNK = 256 * 1024

/** An opened content: random access, whatever holds the bytes. */
export interface Reader {
  readonly size: number
  /** Modification time at opening, for files on disk. */
  readonly mtime: number | null
  /** Fewer bytes than asked only at the end. */
  read(offset: number, length: number): Promise<Uint8Array>
  close(): Promise<void>
}

export type ContentBlobs = Pick<Blobs, 'get' | 'has' | 'keep' | 'path' | 'put' | 'putFile'>

export async function openContent(content: Content, disk: Disk, blobs: ContentBlobs): Promise<Reader> {
  switch (content.kind) {
    case 'disk':
      return readerOf(await disk.openFile(content.path), content.path)
    case 'blob': {
      const path = await blobs.path(content.hash)
      return readerOf(await promisify(fs.open)(path, 'r'), path)
    }
    case 'bytes':
      return {
        size: content.bytes.length,
        mtime: null,
        read: async (offset, length) => content.bytes.subarray(offset, offset + length),
        close: async () => {},
      }
    case 'appended':
      return appended(await openContent(content.base, disk, blobs), content.tail)
    case 'unknown':
      throw fault(RECORDING_ENDED, 'What this file will hold is known only after an earlier step has run.')
  }
}

async function readerOf(descriptor: number, path: string): Promise<Reader> {
  const stats = fs.fstatSync(descriptor)
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(length, stats.size - offset)))
    let filled = 0
    while (filled < buffer.length) {
      const { bytesRead } = await readDescriptor(descriptor, buffer, filled, buffer.length - filled, offset + filled).catch(
        (error: unknown) => {
          throw systemFault(error, path)
        },
      )
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return buffer.subarray(0, filled)
  }
  return { size: stats.size, mtime: stats.mtimeMs, read, close: async () => fs.closeSync(descriptor) }
}

function appended(base: Reader, tail: Uint8Array): Reader {
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    const first = offset < base.size ? await base.read(offset, Math.min(length, base.size - offset)) : new Uint8Array()
    const start = Math.max(0, offset - base.size)
    return Buffer.concat([first, tail.subarray(start, start + length - first.length)])
  }
  return { size: base.size + tail.length, mtime: null, read, close: () => base.close() }
}

/** The bytes from start to end, in chunks. */
export async function* chunksOf(reader: Reader, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  for (let offset = 0; ;) {
    signal?.throwIfAborted()
    const chunk = await reader.read(offset, CHUNK)
    if (chunk.length === 0) return
    offset += chunk.length
    yield chunk
  }
}

export async function withContent<T>(content: Content, disk: Disk, blobs: ContentBlobs, work: (reader: Reader) => Promise<T>): Promise<T> {
  const reader = await openContent(content, disk, blobs)
  try {
    return await work(reader)
  } finally {
    await reader.close()
  }
}

/** SHA-256 in lower-case hex. What is known is not read. */
export async function hashOf(content: Content, disk: Disk, blobs: ContentBlobs, signal?: AbortSignal): Promise<string> {
  if ((content.kind === 'blob' || content.kind === 'unknown') && content.hash !== undefined) return content.hash
  if (content.kind === 'bytes') return hashBytes(content.bytes)
  return withContent(content, disk, blobs, async (reader) => {
    const hash = createHash('sha256')
    for await (const chunk of chunksOf(reader, signal)) hash.update(chunk)
    return hash.digest('hex')
  })
}
export const hashBytes = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')

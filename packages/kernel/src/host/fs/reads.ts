import type { FileStat, Sniffed } from '@life-os/plugin-sdk'
import type { Disk } from '../disk/disk.ts'
import type { View } from '../disk/view.ts'
import { fault, pathMissing } from '../paths/faults.ts'
import { resolveTarget } from '../paths/path.ts'
import type { ListArguments } from './arguments.ts'
import { hashOf, withContent } from './content.ts'
import type { ContentBlobs } from './content.ts'
import { listFolder, statOf, usageOf } from './listing.ts'
import type { Usage } from './listing.ts'
import type { Sniffer } from './sniff.ts'

/** One call of `read` brings at most this; more is paged. */
const READ_BYTES = 8 * 1024 * 1024
const LINKS = 40

export interface Reading {
  view: View
  disk: Disk
  blobs: ContentBlobs
  sniffer: Sniffer
  /** Checks a path and resolves its folders' links. */ admit(path: string): Promise<string>
  signal: AbortSignal
}

export async function stat(reading: Reading, path: string): Promise<FileStat | null> {
  const canonical = await reading.admit(path)
  const entry = await reading.view.entry(canonical)
  return entry && statOf(canonical, entry)
}

export async function list(reading: Reading, path: string, options: ListArguments): Promise<FileStat[]> {
  return listFolder(reading.view, await follow(reading, path), options, reading.signal)
}

export async function usage(reading: Reading, path: string): Promise<Usage> {
  const canonical = await follow(reading, path)
  const entry = await reading.view.entry(canonical)
  if (!entry) throw pathMissing(path)
  return usageOf(reading.view, canonical, entry, reading.signal)
}

export async function read(
  reading: Reading,
  path: string,
  options: { offset?: number | undefined; length?: number | undefined },
): Promise<Uint8Array> {
  const content = await reading.view.content(await follow(reading, path))
  return withContent(content, reading.disk, reading.blobs, (reader) => {
    const offset = options.offset ?? 0
    const length = options.length ?? reader.size - offset
    if (length > READ_BYTES)
      throw fault('file-too-large', `${path} has more than ${READ_BYTES} bytes; read it in pages with offset and length.`, {
        details: { path, size: reader.size },
      })
    return reader.read(offset, length)
  })
}

export async function readText(
  reading: Reading,
  path: string,
  options: { encoding?: string | undefined; maxBytes?: number | undefined },
): Promise<string> {
  const content = await reading.view.content(await follow(reading, path))
  const limit = Math.min(options.maxBytes ?? READ_BYTES, READ_BYTES)
  const bytes = await withContent(content, reading.disk, reading.blobs, (reader) => {
    if (reader.size > limit)
      throw fault('file-too-large', `${path} has ${reader.size} bytes, more than the ${limit} allowed; read a part of it.`, {
        details: { path, size: reader.size },
      })
    return reader.read(0, limit)
  })
  return decode(path, bytes, options.encoding ?? 'utf-8')
}

function decode(path: string, bytes: Uint8Array, encoding: string): string {
  let decoder: { decode(bytes: Uint8Array): string }
  try {
    decoder = new TextDecoder(encoding, { fatal: true })
  } catch (error) {
    throw fault('encoding-unknown', `${encoding} is not a text encoding that is known here; use for example utf-8 or windows-1252.`, {
      cause: error,
    })
  }
  try {
    const text = decoder.decode(bytes)
    if (!text.includes('\0')) return text
  } catch {
    // told below, together with texts that hold NUL
  }
  throw fault('file-not-text', `${path} is not text in ${encoding}; name its encoding or read it as bytes.`, {
    details: { path, encoding },
  })
}

export async function hash(reading: Reading, paths: readonly string[]): Promise<{ path: string; hash: string }[]> {
  const hashes: { path: string; hash: string }[] = []
  for (const path of paths) {
    reading.signal.throwIfAborted()
    const content = await reading.view.content(await follow(reading, path))
    hashes.push({ path, hash: await hashOf(content, reading.disk, reading.blobs, reading.signal) })
  }
  return hashes
}

export async function sniff(reading: Reading, paths: readonly string[]): Promise<Sniffed[]> {
  const found: Sniffed[] = []
  for (const path of paths) {
    reading.signal.throwIfAborted()
    const content = await reading.view.content(await follow(reading, path))
    found.push(await withContent(content, reading.disk, reading.blobs, (reader) => reading.sniffer.sniff(path, reader)))
  }
  return found
}

/** Follows a link in the last place too, each step checked. Errors: `path-missing`, `path-not-allowed`. */
async function follow(reading: Reading, path: string): Promise<string> {
  let canonical = await reading.admit(path)
  for (let links = 0; links < LINKS; links += 1) {
    const entry = await reading.view.entry(canonical)
    if (!entry) throw pathMissing(path)
    if (entry.kind !== 'link') return canonical
    canonical = await reading.admit(resolveTarget(canonical, entry.target ?? ''))
  }
  throw fault('path-not-allowed', `${path} leads through too many links; name the place itself.`)
}

import { crc32, inflateRawSync } from 'node:zlib'
import { sourceFault } from './limits.ts'
import type { ArchiveEntry } from './tar.ts'

const END = 0x06054b50
const CENTRAL = 0x02014b50
const LOCAL = 0x04034b50
const END_SIZE = 22
const FOLDER_MODE = 0o040000
const FILE_MODE = 0o100000
const KIND = 0o170000

/**
 * The entries of a zip archive by its central directory: stored or deflated, no encryption, no zip64, nothing that lies on
 * top of something else. Each is unpacked to at most the size that it declares, all to at most `most` bytes. Errors:
 * `plugin-source-invalid`.
 */
export function* zipEntries(bytes: Buffer, most: number): Generator<ArchiveEntry> {
  const end = endRecord(bytes)
  const count = bytes.readUInt16LE(end + 10)
  let at = bytes.readUInt32LE(end + 16)
  if (count === 0xffff || at === 0xffffffff) throw sourceFault('It is a zip64 archive, which is not taken.')
  const taken: [number, number][] = []
  let left = most
  for (let index = 0; index < count; index++) {
    need(bytes, at, 46)
    if (bytes.readUInt32LE(at) !== CENTRAL) throw damaged()
    const record = recordAt(bytes, at)
    left -= record.size
    if (left < 0) throw sourceFault(`It holds more than ${Math.floor(most / 1_048_576)} MiB.`)
    yield { name: record.name, kind: record.folder ? 'folder' : 'file', data: dataOf(bytes, record, end, taken) }
    at = record.next
  }
}

interface ZipRecord {
  name: string
  folder: boolean
  method: number
  crc: number
  packed: number
  size: number
  local: number
  next: number
}

function recordAt(bytes: Buffer, at: number): ZipRecord {
  const [nameLength, extra, comment] = [bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32)]
  need(bytes, at + 46, nameLength + extra + comment)
  const name = bytes.toString('utf8', at + 46, at + 46 + nameLength)
  if ((bytes.readUInt16LE(at + 8) & 1) !== 0) throw sourceFault('The archive is encrypted.')
  const kind = (bytes.readUInt32LE(at + 38) >>> 16) & KIND
  if (kind !== 0 && kind !== FILE_MODE && kind !== FOLDER_MODE)
    throw sourceFault(`The archive holds a link or a device (${JSON.stringify(name.slice(0, 100))}); only files and folders are taken.`)
  return {
    name,
    folder: name.endsWith('/') || kind === FOLDER_MODE,
    method: bytes.readUInt16LE(at + 10),
    crc: bytes.readUInt32LE(at + 16),
    packed: bytes.readUInt32LE(at + 20),
    size: bytes.readUInt32LE(at + 24),
    local: bytes.readUInt32LE(at + 42),
    next: at + 46 + nameLength + extra + comment,
  }
}

function dataOf(bytes: Buffer, record: ZipRecord, limit: number, taken: [number, number][]): Uint8Array {
  if (record.folder) return new Uint8Array()
  need(bytes, record.local, 30)
  if (bytes.readUInt32LE(record.local) !== LOCAL) throw damaged()
  const from = record.local + 30 + bytes.readUInt16LE(record.local + 26) + bytes.readUInt16LE(record.local + 28)
  const to = from + record.packed
  if (to > limit || taken.some(([start, stop]) => record.local < stop && to > start)) throw damaged()
  taken.push([record.local, to])
  const data = unpack(bytes.subarray(from, to), record)
  if (data.length !== record.size || crc32(data) !== record.crc) throw damaged()
  return data
}

function unpack(packed: Buffer, { method, size }: ZipRecord): Uint8Array {
  if (method === 0) return packed
  if (method !== 8) throw sourceFault(`The archive is packed by a method (${method}) that is not taken; use deflate.`)
  if (size === 0) return new Uint8Array()
  try {
    return inflateRawSync(packed, { maxOutputLength: size })
  } catch {
    throw damaged()
  }
}

function endRecord(bytes: Buffer): number {
  for (let at = bytes.length - END_SIZE; at >= Math.max(0, bytes.length - END_SIZE - 0xffff); at--)
    if (bytes.readUInt32LE(at) === END && at + END_SIZE + bytes.readUInt16LE(at + 20) === bytes.length) return at
  throw damaged()
}

function need(bytes: Buffer, at: number, length: number): void {
  if (at + length > bytes.length) throw damaged()
}
const damaged = () => sourceFault('The archive is damaged, or made to mislead.')

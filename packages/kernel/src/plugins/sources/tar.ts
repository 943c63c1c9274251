import { sourceFault } from './limits.ts'

export interface ArchiveEntry {
  name: string
  kind: 'file' | 'folder'
  data: Uint8Array
}

const BLOCK = 512
const PAX_LIMIT = 64 * 1024

/**
 * The entries of a tar archive (POSIX ustar, pax, GNU long names). Strict: anything but files and folders, and anything
 * malformed, ends it. Errors: `plugin-source-invalid`.
 */
export function* tarEntries(bytes: Buffer): Generator<ArchiveEntry> {
  let at = 0
  let named: { path?: string; size?: number } = {}
  while (at + BLOCK <= bytes.length) {
    const header = bytes.subarray(at, at + BLOCK)
    if (header.every((byte) => byte === 0)) return
    checkSum(header)
    const type = String.fromCharCode(header[156] ?? 0)
    const size = named.size ?? octal(header, 124, 12)
    const end = at + BLOCK + size
    if (end > bytes.length) throw sourceFault('The archive is cut off.')
    const data = bytes.subarray(at + BLOCK, end)
    at = Math.ceil(end / BLOCK) * BLOCK
    if (type === 'x' || type === 'L') named = { ...named, ...extended(type, data) }
    else if (type !== 'g') {
      yield entryOf(type, named.path ?? nameOf(header), data)
      named = {}
    }
  }
}

function entryOf(type: string, name: string, data: Uint8Array): ArchiveEntry {
  if (type === '5') return { name, kind: 'folder', data: new Uint8Array() }
  if (type === '0' || type === '\0' || type === '7') return { name, kind: name.endsWith('/') ? 'folder' : 'file', data }
  const what = { '1': 'a link', '2': 'a link', '3': 'a device', '4': 'a device', '6': 'a pipe' }[type] ?? 'an unknown kind of entry'
  throw sourceFault(`The archive holds ${what} (${JSON.stringify(name.slice(0, 100))}); only files and folders are taken.`)
}

function nameOf(header: Buffer): string {
  const name = text(header, 0, 100)
  const prefix = text(header, 257, 5) === 'ustar' && header[262] === 0 ? text(header, 345, 155) : ''
  return prefix === '' ? name : `${prefix}/${name}`
}

function extended(type: string, data: Buffer): { path?: string; size?: number } {
  if (data.length > PAX_LIMIT) throw sourceFault('The archive holds a header that is too long.')
  if (type === 'L') return { path: text(data, 0, data.length) }
  const found: { path?: string; size?: number } = {}
  for (let at = 0; at < data.length;) {
    const space = data.indexOf(0x20, at)
    const length = space < 0 ? Number.NaN : Number(data.toString('latin1', at, space))
    if (!Number.isInteger(length) || length < 5 || at + length > data.length) throw sourceFault('The archive holds a malformed header.')
    const record = data.toString('utf8', space + 1, at + length - 1)
    const equals = record.indexOf('=')
    const [key, value] = [record.slice(0, equals), record.slice(equals + 1)]
    if (key === 'path') found.path = value
    if (key === 'size') found.size = whole(value)
    at += length
  }
  return found
}

function whole(value: string): number {
  const number = Number(value)
  if (!/^\d{1,15}$/.test(value) || !Number.isSafeInteger(number)) throw sourceFault('The archive holds a malformed size.')
  return number
}

function octal(header: Buffer, at: number, length: number): number {
  const digits = text(header, at, length).trim()
  if (digits === '') return 0
  if (!/^[0-7]+$/.test(digits)) throw sourceFault('The archive holds a malformed size.')
  return Number.parseInt(digits, 8)
}

function checkSum(header: Buffer): void {
  let sum = 8 * 32
  header.forEach((byte, index) => (sum += index >= 148 && index < 156 ? 0 : byte))
  if (octal(header, 148, 8) !== sum) throw sourceFault('It is no tar archive, or it is damaged.')
}

function text(bytes: Buffer, at: number, length: number): string {
  const part = bytes.subarray(at, at + length)
  const end = part.indexOf(0)
  return part.toString('utf8', 0, end < 0 ? part.length : end)
}

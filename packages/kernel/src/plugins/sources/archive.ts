import { mkdir, open, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { createTally, partsOf, sourceFault } from './limits.ts'
import type { SourceLimits } from './limits.ts'
import { tarEntries } from './tar.ts'
import type { ArchiveEntry } from './tar.ts'
import { zipEntries } from './zip.ts'

const unzip = promisify(gunzip)

/**
 * Unpacks a `.tgz`, `.tar` or `.zip` into a folder that is empty before. What it is says its content, not its name. Takes
 * files and folders alone. Errors: `plugin-source-invalid`.
 */
export async function unpackArchive(file: string, into: string, limits: SourceLimits): Promise<void> {
  await unpackBytes(await readLimited(file, limits.archive), into, limits)
}

/** The same for bytes at hand. */
export async function unpackBytes(bytes: Buffer, into: string, limits: SourceLimits): Promise<void> {
  const tally = createTally(limits)
  const seen = new Map<string, string>()
  for (const entry of await entriesOf(bytes, limits)) {
    const parts = partsOf(entry.name)
    if (parts.length === 0) continue
    tally.add(entry.data.length)
    noteOnce(seen, parts, entry.kind)
    await place(path.join(into, ...parts), entry)
  }
}

async function entriesOf(bytes: Buffer, limits: SourceLimits): Promise<Iterable<ArchiveEntry>> {
  if (bytes.length >= 4 && bytes.readUInt32LE(0) === 0x04034b50) return zipEntries(bytes, limits.bytes)
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return tarEntries(bytes)
  const most = limits.bytes + limits.entries * 2048 // headers and padding
  try {
    return tarEntries(await unzip(bytes, { maxOutputLength: most }))
  } catch (cause) {
    throw (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' // node:zlib throws these
      ? sourceFault(`It holds more than ${Math.floor(limits.bytes / 1_048_576)} MiB.`)
      : sourceFault('The archive is damaged.')
  }
}

/** Names that are one on some systems (case, accents written another way) are one here. */
function noteOnce(seen: Map<string, string>, parts: readonly string[], kind: string): void {
  for (let length = 1; length <= parts.length; length++) {
    const part = parts.slice(0, length).join('/')
    const key = part.normalize('NFC').toLowerCase()
    const whole = length === parts.length
    const had = seen.get(key)
    if (had !== undefined && (had !== part || (whole && kind === 'file')))
      throw sourceFault(`The archive holds ${JSON.stringify(part.slice(0, 100))} twice.`)
    seen.set(key, part)
  }
}

async function place(target: string, { kind, data }: ArchiveEntry): Promise<void> {
  try {
    await mkdir(kind === 'folder' ? target : path.dirname(target), { recursive: true, mode: 0o700 })
    if (kind === 'file') await writeFile(target, data, { flag: 'wx', mode: 0o600 })
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code // likewise
    if (code === 'EEXIST' || code === 'ENOTDIR') throw sourceFault('The archive uses one name for a file and a folder.')
    throw cause
  }
}

async function readLimited(file: string, most: number): Promise<Buffer> {
  if ((await stat(file)).size > most) throw sourceFault(`The archive is larger than ${Math.floor(most / 1_048_576)} MiB.`)
  await using handle = await open(file)
  return handle.readFile()
}

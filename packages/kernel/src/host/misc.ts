import { createHmac, hkdfSync } from 'node:crypto'
import type { CallScope } from './types.ts'
import { parseArguments } from './fs/arguments.ts'
import { fault } from './paths/faults.ts'
import type { ContentBlobs } from './fs/content.ts'
import type { Labelling } from './labels/index.ts'
import type { Handlers } from './fs/services.ts'

/** Of one call: bytes and number of what it keeps as blobs. */
const KEPT_BYTES = 1024 ** 3
const KEPT_BLOBS = 10_000

/**
 * `clock`, `random` and `blobs`. What random gives follows from the call's key and a secret of this installation, so a
 * call makes the same names and bytes in its preview, when it runs and when it is tried again.
 */
export function createSmallServices(
  scope: CallScope,
  labelling: Labelling,
  blobs: ContentBlobs,
  now: () => number,
  secret: () => Uint8Array,
  limits = { bytes: KEPT_BYTES, blobs: KEPT_BLOBS },
): Handlers {
  let drawn = 0
  let kept = 0
  let puts = 0
  const draw = (count: number): Buffer => {
    const key = createHmac('sha256', secret()).update(scope.key).digest()
    return count === 0 ? Buffer.alloc(0) : stretch(key, `random ${drawn++}`, count)
  }
  return {
    'clock.now': async () => now(),
    'random.uuid': async () => uuidOf(draw(16)),
    'random.bytes': async (args) => new Uint8Array(draw(parseArguments('random.bytes', args)[0])),
    'blobs.put': async (args) => {
      const [content] = parseArguments('blobs.put', args)
      kept += content.length
      puts += 1
      if (kept > limits.bytes || puts > limits.blobs)
        throw fault(
          'output-too-large',
          `One call keeps at most ${Math.floor(limits.bytes / 1024 ** 2)} MiB in ${limits.blobs} blobs; write files where more is made.`,
        )
      const { hash, size } = await blobs.put(content)
      await blobs.keep(hash, `run:${scope.run}`)
      await labelling.noteBlob(hash, size)
      return { blob: hash, size }
    },
    'blobs.get': async (args) => {
      const [hash] = parseArguments('blobs.get', args)
      labelling.seeBlob(hash)
      return blobs.get(hash)
    },
  }
}

/** HKDF gives at most 255 hashes at once. */
const HKDF_MOST = 255 * 32
function stretch(key: Buffer, label: string, count: number): Buffer {
  const parts: Buffer[] = []
  for (let left = count, part = 0; left > 0; left -= HKDF_MOST, part += 1)
    parts.push(Buffer.from(hkdfSync('sha256', key, '', `${label} ${part}`, Math.min(left, HKDF_MOST))))
  return Buffer.concat(parts)
}

/** A version 4 UUID of 16 bytes (RFC 9562, section 5.4). */
function uuidOf(bytes: Buffer): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

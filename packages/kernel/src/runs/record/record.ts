import type { LabelSource, Labels, Recorded } from '@life-os/contract'
import type { Blobs } from '../../store/index.ts'

/** Results above this many bytes of JSON are blobs. */
const INLINE_LIMIT = 64 * 1024

/** Puts a value into journal form. The run keeps the blob. */
export async function recordValue(
  blobs: Blobs,
  run: string,
  value: unknown,
  labels: Labels,
  sources: readonly LabelSource[] = [],
): Promise<Recorded> {
  const plain = value === undefined ? null : value
  const carried = { labels: [...labels], ...(sources.length > 0 && { sources: [...sources] }) }
  if (!exceeds(plain, INLINE_LIMIT)) return { value: plain, ...carried }
  const blob = await blobs.put(JSON.stringify(plain))
  await blobs.keep(blob.hash, `run:${run}`)
  return { blob: blob.hash, ...carried }
}

/** The value of a journal form. */
export async function valueOf(blobs: Blobs, recorded: Recorded): Promise<unknown> {
  if (recorded.blob === undefined) return recorded.value
  return JSON.parse(Buffer.from(await blobs.get(recorded.blob)).toString('utf8'))
}

/** Whether the JSON of a value may be longer than `limit`; stops counting there. */
function exceeds(value: unknown, limit: number): boolean {
  let left = limit
  const walk = (part: unknown): void => {
    if (left < 0) return
    if (typeof part === 'string') left -= part.length + 2
    else if (typeof part !== 'object' || part === null) left -= 8
    else if (Array.isArray(part))
      for (const item of part) {
        left -= 1
        walk(item)
      }
    else
      for (const [key, item] of Object.entries(part)) {
        left -= key.length + 4
        walk(item)
      }
  }
  walk(value)
  return left < 0
}

import type { Recorded } from '@life-os/contract'
import type { Store } from '../../store/index.ts'

/** The value of a journal form; null when its blob is gone, which is no reason to show nothing of an answer. */
export async function valueOf(blobs: Store['blobs'], recorded: Recorded): Promise<unknown> {
  if (recorded.blob === undefined) return recorded.value
  try {
    return JSON.parse(Buffer.from(await blobs.get(recorded.blob)).toString('utf8'))
  } catch {
    return null
  }
}

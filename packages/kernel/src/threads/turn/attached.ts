import { LifeOsError, type Attachment } from '@life-os/contract'
import type { ThreadsDeps } from '../types.ts'

/** What is attached by name is there. Files and folders are looked at where they are given. Errors: `attachment-missing`. */
export async function checkBlobsAndRuns({ store }: Pick<ThreadsDeps, 'store'>, attachments: readonly Attachment[]): Promise<void> {
  for (const one of attachments) {
    const isThere =
      one.kind === 'blob'
        ? await store.blobs.has(one.blob)
        : one.kind === 'run'
          ? (await store.db.selectFrom('runs').select('id').where('id', '=', one.run).executeTakeFirst()) !== undefined
          : true
    if (!isThere)
      throw new LifeOsError('attachment-missing', `“${one.name}” is not here any more. Attach it again, or send the message without it.`)
  }
}

import { createHash } from 'node:crypto'
import type { Entry } from '../disk/entry.ts'
import type { View } from '../disk/view.ts'
import { joinPath } from '../paths/path.ts'
import { createPacer } from './listing.ts'

/** What a whole tree holds. `digest` changes with any name, kind, size, mode, time, or link target below, folders' times apart. */
export interface Survey {
  entries: number
  bytes: number
  special: string | null
  digest: string
}

export async function surveyOf(view: View, path: string, entry: Entry, signal: AbortSignal): Promise<Survey> {
  const digest = createHash('sha256')
  const survey = { entries: 0, bytes: 0, special: null as string | null }
  const pace = createPacer()
  const visit = async (at: string, relative: string, item: Entry): Promise<void> => {
    survey.entries += 1
    survey.bytes += item.size
    if (item.kind === 'special') survey.special ??= at
    const time = item.kind === 'folder' ? 0 : Math.floor(item.mtime)
    digest.update(JSON.stringify([relative, item.kind, item.size, item.mode, time, item.target ?? null]))
    if (item.kind !== 'folder') return
    signal.throwIfAborted()
    await pace()
    for (const [name, child] of await view.entries(at)) await visit(joinPath(at, name), `${relative}/${name}`, child)
  }
  await visit(path, '', entry)
  return { ...survey, digest: digest.digest('hex') }
}

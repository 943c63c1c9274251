import type { LabelSource } from '@life-os/contract'
import type { LabelLookup } from '../../labels/index.ts'
import type { Entry } from '../disk/entry.ts'
import type { View } from '../disk/view.ts'
import { joinPath } from '../paths/path.ts'

export interface SeeingContext {
  labels: LabelLookup
  /** SHA-256 of the file at a canonical path as this view has it. */
  hash(path: string, entry: Entry): Promise<string>
  see(sources: readonly LabelSource[]): void
}

/** A view that notes the labels of all that is looked at through it: names of entries as well as contents. */
export function createSeeingView(view: View, { labels, hash, see }: SeeingContext): View {
  const sourcesOf = async (path: string, entry: Entry | null): Promise<LabelSource[]> => {
    if (entry?.kind !== 'file' || !labels.worthHashing(path, entry.size)) return labels.of(path)
    return labels.of(path, await hash(path, entry))
  }
  return {
    canonical: (path) => view.canonical(path),
    numberFrom: (wished) => view.numberFrom(wished),
    foundNumber: (wished, number) => view.foundNumber(wished, number),
    async entry(path) {
      const entry = await view.entry(path)
      if (entry) see(await sourcesOf(path, entry))
      return entry
    },
    async entries(folder) {
      const entries = await view.entries(folder)
      see(
        labels.ofNames(
          folder,
          (function* () {
            for (const name of entries.keys()) yield joinPath(folder, name)
          })(),
        ),
      )
      return entries
    },
    async content(path) {
      const content = await view.content(path)
      see(await sourcesOf(path, await view.entry(path)))
      if (content.kind === 'disk' && content.path !== path) see(labels.of(content.path))
      if (content.kind === 'blob') see(labels.ofBlob(content.hash))
      return content
    },
  }
}

import type { Label, LabelSource } from '@life-os/contract'

/** What is kept of where labels came from: enough for a person to see why, whatever the number of files. */
const MOST = 50

/** Joined without repeats, at most 50; no label is lost to that limit. */
export function joinSources(...lists: readonly (readonly LabelSource[])[]): LabelSource[] {
  return joinLists(lists)
}

/** The same for any number of lists. */
export function joinLists(lists: Iterable<readonly LabelSource[]>): LabelSource[] {
  const joined = new Map<string, LabelSource>()
  const seen = new Set<Label>()
  for (const list of lists) {
    for (const source of list) {
      if (joined.size >= MOST && seen.has(source.label)) continue
      seen.add(source.label)
      joined.set(`${source.label} ${source.from}`, source)
    }
  }
  return [...joined.values()]
}

/** The labels among sources, sorted, without repeats. */
export function labelsOf(sources: readonly LabelSource[]): Label[] {
  return [...new Set(sources.map((source) => source.label))].toSorted()
}

/** Where these labels came from in words: `~/Taxes and 2 more`. Empty when nobody knows. */
export function sourceWords(sources: readonly LabelSource[], label: Label): string {
  const from = [...new Set(sources.filter((source) => source.label === label).map((source) => source.from))]
  const shown = from.slice(0, 2).join(', ')
  return from.length > 2 ? `${shown} and ${from.length - 2} more` : shown
}

import type { Preview, PreviewChange } from '@life-os/contract'

export interface Difference {
  id: string
  before: PreviewChange | null
  now: PreviewChange | null
}

/** Where two previews differ: what was shown, and what it would be now. */
export function differences(before: Preview, now: Preview): Difference[] {
  const earlier = new Map(before.changes.map((change) => [change.id, change]))
  const found: Difference[] = []
  for (const change of now.changes) {
    const shown = earlier.get(change.id) ?? null
    earlier.delete(change.id)
    if (shown === null || JSON.stringify(shown.change) !== JSON.stringify(change.change))
      found.push({ id: change.id, before: shown, now: change })
  }
  for (const gone of earlier.values()) found.push({ id: gone.id, before: gone, now: null })
  return found
}

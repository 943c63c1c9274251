/** Folders a person listed lately: what thumbnails may be shown from. Oldest are forgotten first. */
export interface SeenFolders {
  add(person: string, folder: string): void
  has(person: string, folder: string): boolean
}

export function createSeenFolders(limit = 500): SeenFolders {
  const seen = new Set<string>()
  const key = (person: string, folder: string) => `${person}\n${folder}`
  return {
    add(person, folder) {
      seen.delete(key(person, folder))
      seen.add(key(person, folder))
      const oldest = seen.values().next()
      if (seen.size > limit && !oldest.done) seen.delete(oldest.value)
    },
    has: (person, folder) => seen.has(key(person, folder)),
  }
}

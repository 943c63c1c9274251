/** The headings above a place, as one line. */
export interface HeadingPath {
  /** Level from 1. What lies deeper ends. */
  enter(level: number, text: string): void
  readonly path: string | null
}

export function createHeadingPath(): HeadingPath {
  const open: { level: number; text: string }[] = []
  return {
    enter(level, text) {
      while ((open.at(-1)?.level ?? 0) >= level) open.pop()
      const words = text.replace(/\s+/g, ' ').trim().slice(0, 200)
      if (words !== '') open.push({ level, text: words })
    },
    get path() {
      return open.length === 0 ? null : open.map(({ text }) => text).join(' › ')
    },
  }
}

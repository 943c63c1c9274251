const PREFIX = 'life-os.draft.'
const LONGEST = 50_000

/** What was typed and not sent, by thread; it survives a reload of this window's browser. */
export const drafts = {
  read(thread: string): string {
    try {
      return localStorage.getItem(PREFIX + thread) ?? ''
    } catch {
      return '' // a browser may refuse storage
    }
  },
  write(thread: string, text: string): void {
    try {
      if (text === '') localStorage.removeItem(PREFIX + thread)
      else localStorage.setItem(PREFIX + thread, text.slice(0, LONGEST))
    } catch {
      // nothing is lost but the draft after a reload
    }
  },
}

const TEXT = 2_000 // characters of one text
const ITEMS = 20 // of one list or record
const DEPTH = 6
const WHOLE = 8_000 // characters in all

/** A value as a card shows it: long texts, long lists and deep places are cut, with a word on what is missing. */
export function shorten(value: unknown): unknown {
  let left = WHOLE
  const cut = (part: unknown, depth: number): unknown => {
    if (typeof part === 'string') return cutText(part)
    if (typeof part !== 'object' || part === null) return part
    if (depth >= DEPTH || left <= 0) return '…'
    if (Array.isArray(part)) {
      const items = part.slice(0, ITEMS).map((item) => cut(item, depth + 1))
      return part.length > ITEMS ? [...items, `… ${part.length - ITEMS} more`] : items
    }
    const entries = Object.entries(part)
    const shown = entries.slice(0, ITEMS).map(([key, item]) => [key, cut(item, depth + 1)])
    return Object.fromEntries(entries.length > ITEMS ? [...shown, ['…', `${entries.length - ITEMS} more`]] : shown)
  }
  const cutText = (text: string): string => {
    const most = Math.max(0, Math.min(TEXT, left))
    left -= Math.min(text.length, most)
    return text.length > most ? `${text.slice(0, most).toWellFormed()}…` : text
  }
  return cut(value, 0)
}

const BEGIN = '<think>'
const END = '</think>'

/** Drops `<think>…</think>` at the beginning of an answer, however it is cut into pieces. */
export function createStrip(): { push(delta: string): string; end(): string } {
  let state: 'begin' | 'thinking' | 'said' = 'begin'
  let waiting = ''
  const said = (text: string) => {
    state = 'said'
    waiting = ''
    return text
  }
  return {
    push(delta) {
      if (state === 'said') return delta
      waiting += delta
      const begun = waiting.trimStart()
      if (state === 'begin' && !begun.startsWith(BEGIN)) return BEGIN.startsWith(begun) ? '' : said(waiting)
      state = 'thinking'
      const end = waiting.indexOf(END)
      return end === -1 ? '' : said(waiting.slice(end + END.length).trimStart())
    },
    /** What looked like a beginning and was none; thinking that never ended is no answer. */
    end: () => (state === 'begin' ? waiting : ''),
  }
}

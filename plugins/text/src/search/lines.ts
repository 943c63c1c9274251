/** Line and column (from 1) of offsets that are asked in rising order. */
export function lineCounter(text: string): (offset: number) => { line: number; column: number; text: string } {
  let line = 1
  let start = 0
  return (offset) => {
    for (let next = text.indexOf('\n', start); next >= 0 && next < offset; next = text.indexOf('\n', start)) {
      line += 1
      start = next + 1
    }
    const end = text.indexOf('\n', offset)
    return { line, column: offset - start + 1, text: text.slice(start, end < 0 ? undefined : end).replace(/\r$/, '') }
  }
}

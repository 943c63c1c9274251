/** Tells which sign parts the columns: the one that is most regular over the first lines. */
function separatorOf(text: string): string {
  const head = text.split('\n').slice(0, 5)
  const counts = [',', ';', '\t', '|'].map((sign) => {
    const found = head.filter((line) => line.trim() !== '').map((line) => line.split(sign).length - 1)
    return { sign, least: Math.min(...found, Infinity) }
  })
  const best = counts.filter(({ least }) => Number.isFinite(least)).toSorted((a, b) => b.least - a.least)[0]
  return best && best.least > 0 ? best.sign : ','
}

/** Rows of a CSV text (RFC 4180, with any usual separator); at most `most` of them. Quoted fields may hold line breaks. */
export function parseCsv(text: string, most = 100_000): string[][] {
  const source = text.replace(/^\uFEFF/, '')
  const separator = separatorOf(source)
  const rows: string[][] = []
  let row: string[] = []
  let field = ''
  let quoted = false
  for (let at = 0; at < source.length && rows.length < most; at++) {
    const sign = source[at]
    if (quoted) {
      if (sign !== '"') field += sign
      else if (source[at + 1] === '"') field += source[++at]
      else quoted = false
    } else if (sign === '"' && field === '') quoted = true
    else if (sign === separator) {
      row.push(field)
      field = ''
    } else if (sign === '\n') {
      rows.push([...row, field.replace(/\r$/, '')])
      row = []
      field = ''
    } else field += sign
  }
  if ((field !== '' || row.length > 0) && rows.length < most) rows.push([...row, field])
  return rows.filter((each) => each.length > 1 || each[0] !== '')
}

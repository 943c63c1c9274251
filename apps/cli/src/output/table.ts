import { stripVTControlCharacters } from 'node:util'

const plain = stripVTControlCharacters

/** Columns lined up by their widest cell; the last one runs free. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows)
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, plain(cell).length)
    })
  return rows.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - plain(cell).length)))
      .join('  ')
      .trimEnd(),
  )
}

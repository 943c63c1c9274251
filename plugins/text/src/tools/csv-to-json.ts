import { LifeOsError, defineTool } from '@life-os/plugin-sdk'
import Papa from 'papaparse'
import { z } from 'zod'
import { readSource, sourceFields } from '../source.ts'

export const csvToJson = defineTool({
  id: 'text.csv-to-json',
  title: 'Read a CSV table',
  description:
    'Reads a CSV text or file as a list of records, one a row, with the names of the first row. Finds the delimiter by itself. Rows that do not fit are reported, not dropped.',
  input: z.object({
    ...sourceFields,
    delimiter: z.string().length(1).optional().describe('Between the cells; found by itself when left out'),
    header: z.boolean().default(true).describe('The first row holds the names; without it they are `column1`, `column2`, …'),
    types: z.boolean().default(false).describe('Turn numbers and true/false into values; leaves everything else as text'),
    limit: z.int().min(1).max(1_000_000).default(100_000).describe('Fail with `table-too-long` rather than read more rows than this'),
  }),
  output: z.object({
    columns: z.array(z.string()).describe('Names of the columns in order'),
    rows: z
      .array(z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])))
      .describe('One record a row; a missing cell is null'),
    count: z.int().describe('How many rows'),
    delimiter: z.string().describe('What stands between the cells'),
    warnings: z
      .array(z.object({ row: z.int().describe('From 1, without the names'), message: z.string() }))
      .describe('Rows that do not fit'),
  }),
  effect: 'read',
  lane: 'cpu',
  needs: { 'fs.read': ['path'] },
  run: async (input, host) => {
    const text = (await readSource(input, host)).replace(/^\uFEFF/, '')
    const parsed = Papa.parse<string[]>(text, {
      ...(input.delimiter && { delimiter: input.delimiter }),
      skipEmptyLines: 'greedy',
      preview: input.limit + 2,
    })
    const [first, ...rest] = parsed.data
    const names = input.header ? uniqueNames(first ?? []) : (first ?? []).map((_, index) => `column${index + 1}`)
    const cells = input.header || first === undefined ? rest : parsed.data
    if (cells.length > input.limit)
      throw new LifeOsError('table-too-long', `The table has more than ${input.limit} rows. Raise the limit or split the file.`)
    const rows = cells.map((row) => Object.fromEntries(names.map((name, index) => [name, valueOf(row[index], input.types)])))
    const warnings = cells.flatMap((row, index) =>
      row.length === names.length ? [] : [{ row: index + 1, message: `has ${row.length} cells, the table has ${names.length} columns` }],
    )
    const quotes = parsed.errors
      .filter((error) => error.type === 'Quotes')
      .map((error) => ({ row: (error.row ?? 0) + (input.header ? 0 : 1), message: error.message }))
    return { columns: names, rows, count: rows.length, delimiter: parsed.meta.delimiter, warnings: [...quotes, ...warnings] }
  },
  examples: [
    {
      title: 'Two rows',
      input: { text: 'name;amount\nRent;-1450\nSalary;5200\n', types: true },
      output: {
        columns: ['name', 'amount'],
        rows: [
          { name: 'Rent', amount: -1450 },
          { name: 'Salary', amount: 5200 },
        ],
        count: 2,
        delimiter: ';',
        warnings: [],
      },
    },
  ],
})

/** Names of the first row; an empty one becomes `column3`, a repeated one `name 2`. */
function uniqueNames(cells: readonly string[]): string[] {
  const taken = new Set<string>()
  return cells.map((cell, index) => {
    const wanted = cell.trim() || `column${index + 1}`
    let name = wanted
    for (let number = 2; taken.has(name); number += 1) name = `${wanted} ${number}`
    taken.add(name)
    return name
  })
}

/** A number only when it is written as it would be printed, so that `007` and `1e5` stay text. */
function valueOf(cell: string | undefined, types: boolean): string | number | boolean | null {
  if (cell === undefined) return null
  if (!types) return cell
  if (cell === 'true' || cell === 'false') return cell === 'true'
  return /^-?(0|[1-9]\d{0,14})(\.\d{1,12})?$/.test(cell) ? Number(cell) : cell
}

import { LifeOsError, defineTool } from '@life-os/plugin-sdk'
import Papa from 'papaparse'
import { z } from 'zod'
import { readSource, sourceFields } from '../source.ts'

const Row = z.record(z.string(), z.json())
type Row = z.infer<typeof Row>

export const jsonToCsv = defineTool({
  id: 'text.json-to-csv',
  title: 'Write a CSV table',
  description:
    'Writes a list of records as CSV text. The list is given, or a JSON text or file holds it. Lists and records inside a cell are written as JSON.',
  input: z.object({
    rows: z.array(Row).max(100_000).optional().describe('The records; give this, `text` or `path`'),
    ...sourceFields,
    columns: z
      .array(z.string())
      .max(10_000)
      .optional()
      .describe('Which columns in which order; all, in order of appearance, when left out'),
    delimiter: z.string().length(1).default(',').describe('Between the cells'),
    header: z.boolean().default(true).describe('Write the names first'),
    guardFormulas: z.boolean().default(true).describe('Put a quote before cells that a spreadsheet would run as a formula'),
  }),
  output: z.object({
    text: z.string().describe('The table as CSV (RFC 4180)'),
    columns: z.array(z.string()),
    count: z.int().describe('How many rows'),
  }),
  effect: 'read',
  lane: 'cpu',
  needs: { 'fs.read': ['path'] },
  run: async (input, host) => {
    const rows = input.rows ?? parseRows(await readSource(input, host))
    const columns = input.columns ?? [...new Set(rows.flatMap((row) => Object.keys(row)))]
    const data = rows.map((row) => columns.map((column) => cell(Object.hasOwn(row, column) ? row[column] : null)))
    const text = Papa.unparse(
      { fields: columns, data },
      { delimiter: input.delimiter, header: input.header, newline: '\r\n', escapeFormulae: input.guardFormulas },
    )
    return { text: text === '' ? '' : `${text}\r\n`, columns, count: rows.length }
  },
  examples: [
    {
      title: 'Two records',
      input: { rows: [{ name: 'Rent', amount: 1450 }, { name: 'Food' }] },
      output: { text: 'name,amount\r\nRent,1450\r\nFood,\r\n', columns: ['name', 'amount'], count: 2 },
    },
  ],
})

function parseRows(text: string): Row[] {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (cause) {
    throw new LifeOsError(
      'json-invalid',
      `This is not valid JSON: ${cause instanceof Error ? cause.message : String(cause)}. Mend it and try again.`,
      { cause },
    )
  }
  const rows = z.array(Row).max(100_000).safeParse(data)
  if (!rows.success)
    throw new LifeOsError(
      'json-not-a-table',
      'A table needs a list of records, such as [{"name": "Ada"}]. Choose the part of the data that is such a list.',
    )
  return rows.data
}

function cell(value: unknown): string | number | boolean {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : JSON.stringify(value)
}

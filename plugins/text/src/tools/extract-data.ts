import { LifeOsError, defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { askAbout } from '../models/ask.ts'
import { readableParts } from '../models/parts.ts'
import { checked, quotesIn } from '../models/quotes.ts'
import type { Checked } from '../models/quotes.ts'
import { readSource, sourceFields } from '../source.ts'

const Field = z.strictObject({
  type: z.enum(['string', 'number', 'integer', 'boolean']),
  description: z.string().max(500).optional(),
})
const Value = z.union([z.string(), z.number(), z.boolean(), z.null()])
const ANSWER_TOKENS = 4096

export const extractData = defineTool({
  id: 'text.extract-data',
  title: 'Take data out of a text',
  description:
    'Asks a model for records with the fields you name, each value with the quotation it came from. A value whose quotation does not stand in the text is left out and noted.',
  input: z.object({
    ...sourceFields,
    fields: z
      .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/), Field)
      .refine((fields) => Object.keys(fields).length > 0 && Object.keys(fields).length <= 40, 'name 1 to 40 fields')
      .describe('JSON Schema of each field by its name, for example { "total": { "type": "number", "description": "with tax" } }'),
    what: z.string().min(1).max(500).optional().describe('What one record is, for example: one line of the invoice'),
  }),
  output: z.object({
    records: z.array(
      z.object({
        values: z.record(z.string(), Value).describe('Null where the text says nothing, or nothing that could be checked'),
        quotations: z.record(z.string(), z.string().nullable()).describe('Where each value stands, as written'),
      }),
    ),
    notes: z.array(z.string()).describe('Which values were left out, and why'),
    parts: z.int(),
    model: z.string(),
  }),
  effect: 'read',
  idempotent: false,
  lane: 'llm',
  needs: { 'fs.read': ['path'], model: ["${{ 'text' }}"] },
  run: async ({ fields, what, ...source }, host) => {
    const text = await readSource(source, host)
    if (text.trim() === '') throw new LifeOsError('text-empty', 'There is nothing to look through: the text is empty.')
    const parts = readableParts(text)
    const records: Found[] = []
    const notes: string[] = []
    let model = ''
    for (const [index, part] of parts.entries()) {
      const answer = await askAbout(host, taskOf(what), part, { schema: schemaOf(fields), maxTokens: ANSWER_TOKENS })
      model = answer.model
      for (const claimed of claimsIn(answer.object)) {
        const found = recordOf(Object.keys(fields), claimed, part)
        notes.push(...found.notes.map((note) => `Record ${records.length + 1}, ${note}`))
        records.push(found)
      }
      host.progress({ done: index + 1, of: parts.length, unit: 'parts' })
    }
    return { records: records.map(({ values, quotations }) => ({ values, quotations })), notes, parts: parts.length, model }
  },
  examples: [
    {
      title: 'Lines of an invoice',
      input: {
        text: 'Rent July: CHF 1’290.50\nCleaning: CHF 80.00',
        fields: { item: { type: 'string' }, amount: { type: 'number', description: 'in CHF' } },
        what: 'one line of the invoice',
      },
      output: {
        records: [
          {
            values: { item: 'Rent July', amount: 1290.5 },
            quotations: { item: 'Rent July', amount: 'CHF 1’290.50' },
          },
          { values: { item: 'Cleaning', amount: null }, quotations: { item: 'Cleaning', amount: null } },
        ],
        notes: ['Record 2, amount: its quotation does not stand in the text.'],
        parts: 1,
        model: 'example/scripted',
      },
    },
  ],
})

type Fields = Record<string, z.infer<typeof Field>>
interface Found {
  values: Record<string, Checked['value']>
  quotations: Record<string, string | null>
  notes: string[]
}

const taskOf = (what: string | undefined): string =>
  `Take data out of the text. ${what === undefined ? 'Give one record for each thing that it tells of' : `One record is: ${what}`}. For each field give the value, and as quotation the few words of the text that it stands in, letter by letter. Where the text does not say a value, both are null. Invent nothing.`

/** Every value with its quotation. */
function schemaOf(fields: Fields): Record<string, unknown> {
  const claim = ({ type, description }: Fields[string]) => ({
    type: 'object',
    properties: {
      value: { anyOf: [{ type }, { type: 'null' }], ...(description !== undefined && { description }) },
      quotation: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    },
    required: ['value', 'quotation'],
    additionalProperties: false,
  })
  const names = Object.keys(fields)
  const properties = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, claim(field)]))
  const items = { type: 'object', properties, required: names, additionalProperties: false }
  return { type: 'object', properties: { records: { type: 'array', items } }, required: ['records'], additionalProperties: false }
}

const Claims = z.object({ records: z.array(z.record(z.string(), z.object({ value: Value, quotation: z.string().nullable() }))) })

/** The host has checked the answer against the schema; this reads it. */
function claimsIn(object: unknown): z.infer<typeof Claims>['records'] {
  const read = Claims.safeParse(object)
  if (read.success) return read.data.records
  throw new LifeOsError(
    'answer-unreadable',
    'The model did not answer in records. Try again, or choose another model for text.extract-data.',
  )
}

function recordOf(names: readonly string[], claimed: z.infer<typeof Claims>['records'][number], text: string): Found {
  const stands = quotesIn(text)
  const found: Found = { values: {}, quotations: {}, notes: [] }
  for (const name of names) {
    const { value, quotation, note } = checked(claimed[name] ?? { value: null, quotation: null }, stands)
    found.values[name] = value
    found.quotations[name] = quotation
    if (note !== undefined) found.notes.push(`${name}: ${note}.`)
  }
  return found
}

import type { ApprovalDetail, JsonSchema, Run } from '@life-os/contract'
import type { Backend } from '../backend/backend.ts'
import { printable } from '../output/colour.ts'
import type { Session } from '../session.ts'

/** What an agent or a server asks wants words; without a terminal they come with `--answer done --output`. */
export async function answerQuestion(session: Session, { client }: Backend, run: Run, detail: ApprovalDetail): Promise<Run> {
  const { io, paint } = session
  const { id, hash, subject, output: schema } = detail
  for (const choice of subject?.choices ?? []) io.note(`  · ${printable(choice)}`)
  const isForm = schema?.['type'] === 'object'
  const output = !io.canAsk ? undefined : isForm ? await filledIn(session, schema) : (await io.ask('Answer: ')).trim() || undefined
  if (output === null) return client.approvals.answer({ id, hash, answer: 'refuse', remember: 'no' })
  if (output !== undefined) return client.approvals.answer({ id, hash, answer: 'done', output, remember: 'no' })
  if (isForm && !io.canAsk) for (const field of fieldsOf(schema)) io.note(`  · ${describe(field)}`)
  const example = isForm ? '{"field": "value"}' : '"your words"'
  io.note(`${paint('dim', 'Answer:')} lifeos approve ${run.id} --answer done --output '${example}'`)
  return run
}

interface FormField {
  name: string
  schema: JsonSchema
  required: boolean
}

function fieldsOf(schema: JsonSchema): FormField[] {
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>) // the kernel made this schema
  return properties.map(([name, field]) => ({ name, schema: field, required: required.includes(name) }))
}

const choicesOf = ({ schema }: FormField): unknown[] | null => {
  const { enum: own, items } = schema as { enum?: unknown[]; items?: { enum?: unknown[] } } // likewise
  return own ?? items?.enum ?? null
}

function describe(field: FormField): string {
  const { name, schema, required } = field
  const { title, description, type, default: first } = schema as Record<string, string | undefined> // likewise: for showing only
  const choices = choicesOf(field)
  const kind = choices ? choices.join(' | ') : type
  const facts = [kind, type === 'array' && 'any of them, with commas', !required && 'optional', first !== undefined && `else ${first}`]
  return printable(`${title ?? name} (${name}: ${facts.filter(Boolean).join('; ')})${description ? ` ${description}` : ''}`)
}

/** A field after the other; undefined: later, null: no. What does not fit is said by whoever takes the answer. */
async function filledIn({ io }: Session, schema: JsonSchema): Promise<Record<string, unknown> | null | undefined> {
  const values: Record<string, unknown> = {}
  for (const field of fieldsOf(schema)) {
    const given = (await io.ask(`  ${describe(field)}: `)).trim()
    const value = given === '' ? field.schema['default'] : typed(given, field.schema['type'])
    if (value !== undefined) values[field.name] = value
  }
  const word = (await io.ask('Tell the server this? [y]es, [n]o, [l]ater: ')).trim().toLowerCase()
  if (word === 'n' || word === 'no') return null
  return word === 'y' || word === 'yes' ? values : undefined
}

function typed(given: string, type: unknown): unknown {
  if (type === 'boolean') return /^(y|yes|true|1)$/i.test(given)
  if (type === 'number' || type === 'integer') return Number.isNaN(Number(given)) ? given : Number(given)
  return type === 'array' ? given.split(',').map((part) => part.trim()) : given
}

import type { ToolDescription } from '@life-os/contract'
import { z } from 'zod'
import { agreementFaults } from '../../tool/index.ts'
import type { Subject } from './types.ts'

export async function agreesWithManifest(subject: Subject): Promise<string[]> {
  return agreementFaults(subject.manifest, (await subject.plugin()).tools)
}

/** Title, description and an example, for people and for models. */
export async function isDescribed(subject: Subject, id: string): Promise<string[]> {
  const tool = (await subject.plugin()).tools.find((candidate) => candidate.id === id)
  if (!tool) return [`the code does not define ${id}`]
  return [
    ...(tool.title.length >= 3 ? [] : ['give it a title']),
    ...(tool.description.length >= 20 ? [] : ['describe what it does in a sentence']),
    ...(tool.examples.length > 0 ? [] : ['give at least one example: it is shown to people and models, and run by these checks']),
    ...(tool.input['type'] === 'object' ? [] : ['its input must be an object']),
  ]
}

/** What others see of a tool is JSON Schema: it must be readable, and fit the tool's own examples. */
export async function schemasParse(subject: Subject, id: string): Promise<string[]> {
  const tool = (await subject.plugin()).tools.find((candidate) => candidate.id === id)
  if (!tool) return []
  return tool.examples.flatMap(({ title = id, input, output }) => [
    ...misfits(tool.input, input, `the input of “${title}”`),
    ...(output === undefined ? [] : misfits(partly(tool.output), output, `the output of “${title}”`)),
  ])
}

function misfits(schema: ToolDescription['input'], value: unknown, what: string): string[] {
  try {
    const read = z.fromJSONSchema(schema).safeParse(value)
    return read.success ? [] : [`${what} does not fit its own schema: ${z.prettifyError(read.error)}`]
  } catch (thrown) {
    return [`the schema of ${what} cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`]
  }
}

/** An example may leave fields of the output out. */
function partly(schema: ToolDescription['output']): ToolDescription['output'] {
  const { required: _, ...rest } = schema
  return rest
}

import { Manifest } from '@life-os/contract'
import { z } from 'zod'

/** What an editor says of a field. */
const WORDS: Readonly<Record<string, string>> = {
  id: 'The name of the folder; tools are named after it.',
  name: 'What people read.',
  version: 'Semantic version: what takes something away raises the first part, what adds something the second.',
  sdk: 'The range of SDK versions it was made for, for example "^1.0.0".',
  description: 'One sentence: what it does.',
  author: 'Who made it.',
  license: 'An SPDX identifier.',
  category: 'Where it is listed, for example "files".',
  entry: 'The source file whose default export is definePlugin({ tools }).',
  permissions: 'The most it can ever ask for, each with a reason that a person understands.',
  tools: 'Ids of all tools that its code registers.',
  plans: 'Ids of the plans in src/plans/<id>.yaml.',
  agents: 'Ids of the agents in src/agents/<id>.yaml.',
  settings: 'JSON Schema of an object; a field with "format": "secret" holds the name of a secret.',
  requires: 'Other plugins, programs on PATH and platforms that it needs.',
  limits: 'memory ("256M"), cpu (part of one core), pids, idleStop ("5m").',
}

/** The form of `manifest.json` as JSON Schema, for editors. */
export function manifestJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(Manifest, { io: 'input', unrepresentable: 'any' })
  const fields = Object.entries(schema.properties ?? {})
  const properties = fields.map(([name, field]) => [
    name,
    name in WORDS && typeof field === 'object' ? { description: WORDS[name], ...field } : field,
  ])
  return {
    $schema,
    $id: 'urn:life-os:schema:manifest',
    title: 'A plugin of Life-OS',
    description: 'manifest.json: data only, read without running any code of the plugin.',
    ...schema,
    properties: Object.fromEntries(properties),
  }
}

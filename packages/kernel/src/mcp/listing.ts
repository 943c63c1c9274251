import { hash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Client, Tool } from '@modelcontextprotocol/client'
import { LIMITS } from './limits.ts'
import type { KnownTool, Listing, ListedTool } from './types.ts'
import { lines, oneLine, slugOf } from './words.ts'

/** Ids that every server's plugin has for itself. */
export const READ_RESOURCE = 'read-resource'
export const GET_PROMPT = 'get-prompt'

/** Asks a server for all it offers. Throws where it offers more than anybody could look through. */
export async function listAll(client: Client, signal: AbortSignal): Promise<Listing> {
  const options = { signal, timeout: LIMITS.hello, cacheMode: 'refresh' } as const
  const can = client.getServerCapabilities() ?? {}
  const [tools, resources, prompts] = await Promise.all([
    can.tools ? client.listTools(undefined, options).then((answer) => answer.tools) : [],
    can.resources ? client.listResources(undefined, options).then((answer) => answer.resources) : [],
    can.prompts ? client.listPrompts(undefined, options).then((answer) => answer.prompts) : [],
  ])
  const said = client.getServerVersion()
  return {
    serves: { resources: can.resources !== undefined, prompts: can.prompts !== undefined },
    server: {
      name: oneLine(said?.title ?? said?.name ?? 'unnamed', LIMITS.title),
      version: oneLine(said?.version ?? '', 40),
      protocol: client.getNegotiatedProtocolVersion() ?? '',
    },
    tools: listed(tools),
    resources: resources.slice(0, LIMITS.resources).map(({ uri, name, title, mimeType }) => ({
      uri: uri.slice(0, 2000),
      name: oneLine(title ?? name, LIMITS.title),
      mime: mimeType === undefined ? null : oneLine(mimeType, 100),
    })),
    prompts: prompts.slice(0, LIMITS.prompts).map((prompt) => ({
      name: prompt.name.slice(0, LIMITS.name),
      description: lines(prompt.description ?? '', 500),
      arguments: (prompt.arguments ?? [])
        .slice(0, 20)
        .map(({ name, required }) => ({ name: name.slice(0, LIMITS.name), required: required === true })),
    })),
  }
}

/** Tools with their claims, cut to size; by name, each name once. */
export function listed(tools: readonly Tool[]): ListedTool[] {
  if (tools.length > LIMITS.tools) throw new Error(`it lists ${tools.length} tools, and ${LIMITS.tools} are the most.`)
  const byName = new Map(tools.map((tool) => [tool.name.slice(0, LIMITS.name), tool]))
  return [...byName].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([name, tool]) => listedTool(name, tool))
}

function listedTool(name: string, { title, description, inputSchema, outputSchema, annotations }: Tool): ListedTool {
  return {
    name,
    title: oneLine(title ?? annotations?.title ?? name, LIMITS.title) || 'unnamed',
    description: lines(description ?? '', LIMITS.description),
    input: schemaOf(name, inputSchema),
    output: outputSchema === undefined ? null : schemaOf(name, outputSchema),
    readOnly: annotations?.readOnlyHint === true,
    destructive: annotations?.destructiveHint === true,
    idempotent: annotations?.idempotentHint === true,
  }
}

function schemaOf(tool: string, schema: object): Record<string, unknown> {
  const size = JSON.stringify(schema).length
  if (size > LIMITS.schema)
    throw new Error(`the schema of its tool ${oneLine(tool, 100)} has ${size} characters, and ${LIMITS.schema} are the most.`)
  return { ...schema }
}

/** Gives each tool an id; those that have one under the same name keep it. */
export function known(tools: readonly ListedTool[], before: readonly KnownTool[]): KnownTool[] {
  const had = new Map(before.map((tool) => [tool.name, tool.id]))
  const taken = new Set([READ_RESOURCE, GET_PROMPT, ...had.values()])
  return tools.map((tool) => ({ ...tool, id: had.get(tool.name) ?? slugOf(tool.name, taken) }))
}

/** SHA-256 over all that a person accepts of a list of tools. */
export function digestOfTools(tools: readonly ListedTool[]): string {
  return hash(
    'sha256',
    canonicalize(
      tools.map(({ name, title, description, input, output, readOnly, destructive, idempotent }) => ({
        name,
        title,
        description,
        input,
        output,
        readOnly,
        destructive,
        idempotent,
      })),
    ) ?? '[]',
  )
}

/** What a person must look at again, a line each. */
export function differences(before: readonly ListedTool[], now: readonly ListedTool[]): string[] {
  const old = new Map(before.map((tool) => [tool.name, tool]))
  const found: string[] = []
  for (const tool of now) {
    const was = old.get(tool.name)
    if (!was) found.push(`New tool ${oneLine(tool.name, 100)}: ${oneLine(tool.description, 300)}`)
    else found.push(...changesOf(was, tool))
    old.delete(tool.name)
  }
  for (const name of old.keys()) found.push(`Tool ${oneLine(name, 100)} is gone.`)
  return found.slice(0, 200)
}

function changesOf(was: ListedTool, now: ListedTool): string[] {
  const name = oneLine(now.name, 100)
  const found: string[] = []
  const say = (what: string, one: string, other: string) => {
    if (one !== other) found.push(`Tool ${name}: its ${what} was “${oneLine(one, 300)}” and is “${oneLine(other, 300)}”.`)
  }
  say('title', was.title, now.title)
  say('description', was.description, now.description)
  for (const [what, part] of [
    ['input', 'input'],
    ['output', 'output'],
  ] as const)
    say(`${what} schema`, canonicalize(was[part]) ?? '', canonicalize(now[part]) ?? '')
  const claims = ({ readOnly, destructive, idempotent }: ListedTool) =>
    [readOnly && 'only reads', destructive && 'destroys', idempotent && 'can be repeated'].filter(Boolean).join(', ') || 'nothing'
  say('claim', claims(was), claims(now))
  return found
}

import type { McpServerConfig, Manifest, Plugin, ToolDescription } from '@life-os/contract'
import { permissionFor } from '../gate/index.ts'
import { GET_PROMPT, READ_RESOURCE } from './listing.ts'
import type { KnownTool, Serves } from './types.ts'

/** Of every server's tools here: what they are is told by the digest. */
export const VERSION = '1.0.0'
export const pluginOf = (id: string): string => `mcp-${id}`

/** Whether a server can be believed that a call only reads: its box has nothing that it could change or send to. */
export function cannotAct({ transport }: McpServerConfig): boolean {
  if (transport.kind === 'http') return false
  return (
    transport.network.length === 0 &&
    Object.keys(transport.secretEnv).length === 0 &&
    transport.mounts.every(({ access }) => access === 'read')
  )
}

/** All that a call of this server may touch, by kind. The same for each of its tools: one process serves them all. */
export function resourcesOf(config: McpServerConfig): Record<string, string[]> {
  const { transport } = config
  if (transport.kind === 'http') return { net: [placeOf(transport.url)], ...(transport.auth && { 'secret.use': [transport.auth.secret] }) }
  const folders = (access: 'read' | 'write') => transport.mounts.filter((mount) => mount.access === access).map(({ path }) => `${path}/**`)
  const all = {
    exec: [pluginOf(config.id)],
    'fs.read': folders('read'),
    'fs.write': folders('write'),
    net: transport.network,
    'secret.read': [...new Set(Object.values(transport.secretEnv))],
  }
  return Object.fromEntries(Object.entries(all).filter(([, names]) => names.length > 0))
}

export function placeOf(address: string): string {
  const url = new URL(address)
  return `${url.hostname.toLowerCase()}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`
}

/** Fixed names where other tools have paths into their input. */
const needsOf = (config: McpServerConfig): ToolDescription['needs'] =>
  Object.fromEntries(
    Object.entries(resourcesOf(config)).map(([kind, names]) => [kind, names.map((name) => `\${{ ${JSON.stringify(name)} }}`)]),
  )

/** What a server's result becomes: its words, its data, and the names of what else it sent. */
const RESULT = (data: Record<string, unknown> | null): Record<string, unknown> => ({
  type: 'object',
  required: ['text', 'files', 'links'],
  properties: {
    text: { type: 'string', description: 'What it said.' },
    ...(data !== null && { data }),
    files: {
      type: 'array',
      items: { type: 'object', properties: { blob: { type: 'string' }, mime: { type: 'string' }, size: { type: 'integer' } } },
    },
    links: {
      type: 'array',
      items: { type: 'object', properties: { uri: { type: 'string' }, name: { type: 'string' }, mime: { type: ['string', 'null'] } } },
    },
  },
})

export function toolOf(config: McpServerConfig, version: string, tool: KnownTool): ToolDescription {
  const reads = tool.readOnly && cannotAct(config)
  return {
    ...common(config, version),
    id: `${pluginOf(config.id)}.${tool.id}`,
    title: tool.title,
    description: tool.description,
    input: tool.input,
    output: RESULT(tool.output ?? {}),
    effect: reads ? 'read' : 'external',
    risk: tool.destructive ? 'high' : reads ? 'low' : 'medium',
    idempotent: reads || tool.idempotent,
  }
}

/** Resources and prompts, in the same two tools of every server that serves any. `serves` null: nobody has asked it yet. */
export function servedTools(config: McpServerConfig, version: string, serves: Serves | null): ToolDescription[] {
  const [resources, prompts] = ownTools(config, version)
  return [...(resources && serves?.resources !== false ? [resources] : []), ...(prompts && serves?.prompts !== false ? [prompts] : [])]
}

export function ownTools(config: McpServerConfig, version: string): ToolDescription[] {
  const reads = cannotAct(config)
  const shared = {
    ...common(config, version),
    effect: reads ? 'read' : 'external',
    risk: reads ? 'low' : 'medium',
    idempotent: true,
    output: RESULT(null),
  } as const
  return [
    {
      ...shared,
      id: `${pluginOf(config.id)}.${READ_RESOURCE}`,
      title: `Read a resource of ${config.name}`,
      description: `Reads a resource that the MCP server ${config.name} serves. Without an address it lists what there is.`,
      input: { type: 'object', properties: { uri: { type: 'string', description: 'Its address.' } }, additionalProperties: false },
    },
    {
      ...shared,
      id: `${pluginOf(config.id)}.${GET_PROMPT}`,
      title: `Take a prompt of ${config.name}`,
      description: `Takes a prompt that the MCP server ${config.name} offers, as text. Without a name it lists what there is.`,
      input: {
        type: 'object',
        properties: { name: { type: 'string' }, arguments: { type: 'object', additionalProperties: { type: 'string' } } },
        additionalProperties: false,
      },
    },
  ]
}

const common = (config: McpServerConfig, version: string) => ({
  plugin: pluginOf(config.id),
  version,
  reversal: 'none' as const,
  reconciles: false,
  compensates: false,
  needs: needsOf(config),
  lane: 'io' as const,
  examples: [],
})

const REASONS: Record<string, string> = {
  exec: 'It runs as a program, shut in a box.',
  'fs.read': 'You gave it this folder to read.',
  'fs.write': 'You gave it this folder to change.',
  net: 'You let it reach this place.',
  'secret.use': 'You gave it this secret for its requests.',
  'secret.read': 'You gave it this secret, which it sees.',
}

/** A server as a plugin's manifest: what the gate holds its calls against. */
export function manifestOf(config: McpServerConfig, version: string, tools: readonly string[]): Manifest {
  const asked = Object.entries(resourcesOf(config)).flatMap(([kind, names]) =>
    names.map((resource) => ({ permission: permissionFor({ kind, resource }), reason: REASONS[kind] ?? 'You set it up so.' })),
  )
  return {
    id: pluginOf(config.id),
    name: config.name,
    version,
    sdk: '*',
    description: `The MCP server ${config.name}, set up by a person. What it says of itself is its own claim.`,
    author: 'unknown',
    license: 'unknown',
    category: 'mcp',
    entry: '',
    permissions: [
      ...asked,
      { permission: 'model:text', reason: 'It may ask for an answer of a model during a call; you are asked first.' },
    ],
    tools: [...tools],
    entities: [],
    plans: [],
    agents: [],
    views: [],
    providers: [],
  }
}

/** States of a server in a plugin's words. */
export const STATES: Record<'waiting' | 'ready' | 'idle' | 'connecting' | 'unreachable' | 'changed' | 'disabled', Plugin['state']> = {
  waiting: 'waiting',
  changed: 'waiting',
  ready: 'ready',
  idle: 'idle',
  connecting: 'starting',
  unreachable: 'crashed',
  disabled: 'disabled',
}

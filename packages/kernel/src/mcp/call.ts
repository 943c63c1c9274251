import { hash } from 'node:crypto'
import { LifeOsError } from '@life-os/contract'
import type { McpServerConfig, ToolDescription } from '@life-os/contract'
import type { Client, Progress } from '@modelcontextprotocol/client'
import type { McpAsk } from '../host/index.ts'
import { ownTools, pluginOf, placeOf, toolOf, VERSION } from './describe.ts'
import { messageOf, timedOut, toolFailed, unreachable } from './faults.ts'
import { GET_PROMPT, READ_RESOURCE } from './listing.ts'
import { keeper, outcomeOf, outcomeOfPrompt, outcomeOfResource } from './result.ts'
import type { McpOutcome } from './result.ts'
import type { KnownTool, Listing, McpCall } from './types.ts'
import { oneLine } from './words.ts'

/** Of a call's arguments a person is shown this much. */
const SHOWN = 4096

/** One call as the server hears it: a tool of its own, or one of the two that all have. */
export interface Asked {
  tool: ToolDescription
  /** What it calls its tool; null for the two. */
  known: KnownTool | null
  input: Record<string, unknown>
}

/** What a call means to this server. Error: `tool-unknown`. */
export function askedOf(config: McpServerConfig, accepted: readonly KnownTool[], { tool: id, input: given }: McpCall): Asked {
  const input = typeof given === 'object' && given !== null ? (given as Record<string, unknown>) : {} // an object by its schema
  const own = ownTools(config, VERSION).find((tool) => tool.id === id)
  if (own) return { tool: own, known: null, input }
  const known = accepted.find((tool) => `${pluginOf(config.id)}.${tool.id}` === id)
  if (!known) throw new LifeOsError('tool-unknown', `There is no tool ${id}.`, { applied: 'no' })
  return { tool: toolOf(config, VERSION, known), known, input }
}

/** The values of a server's secret variables, each through the gate, which makes the call private. */
export async function secretsOf({ transport }: McpServerConfig, { services, signal }: McpCall): Promise<Record<string, string>> {
  const values: Record<string, string> = {}
  if (transport.kind === 'stdio')
    for (const [variable, secret] of Object.entries(transport.secretEnv))
      values[variable] = String(await services.handle('secrets.read', [secret], signal))
  return values
}

/** The call as the host announces it: to whom, what, with which arguments, and all that the server may touch. */
export function askOf(config: McpServerConfig, asked: Asked): McpAsk {
  const { tool, known, input } = asked
  const { transport } = config
  const name = known?.name ?? tool.id.slice(tool.id.indexOf('.') + 1)
  const plugin = pluginOf(config.id)
  const effect = tool.effect === 'read' ? 'read' : 'external'
  const body = JSON.stringify(input, null, 2)
  const shown = body.length > SHOWN ? `${body.slice(0, SHOWN)}…\n(${body.length} characters, SHA-256 ${hash('sha256', body)})` : body
  const summary = `Ask the MCP server ${oneLine(config.name, 60)} for “${oneLine(name, 60)}”: ${oneLine(shown, 160)}`
  if (transport.kind === 'http') {
    const change = {
      kind: 'request-send' as const,
      method: 'POST',
      url: transport.url,
      body: `${name} ${shown}`,
      ...(transport.auth && { secret: transport.auth.secret }),
      summary,
      reversal: 'none' as const,
      bytes: Buffer.byteLength(body),
    }
    return { plugin, effect, transport: 'http', mounts: [], network: [placeOf(transport.url)], change }
  }
  const { mounts, network } = transport
  const secrets = [...new Set(Object.values(transport.secretEnv))].toSorted()
  const change = {
    kind: 'command-run' as const,
    program: plugin,
    args: [name],
    script: shown,
    mounts: [...mounts],
    network: [...network],
    secrets,
    sandboxed: true,
    summary,
    reversal: 'none' as const,
  }
  return { plugin, effect, transport: 'stdio', mounts, network, change }
}

/** Asks the server and turns its answer into ours. Errors: `call-timeout`, `mcp-unreachable`, `mcp-tool-failed`. */
export async function speak(
  client: Client,
  config: McpServerConfig,
  listing: Listing | null,
  asked: Asked,
  call: McpCall,
  signal: AbortSignal,
): Promise<McpOutcome> {
  const reads = asked.tool.effect === 'read'
  const options = {
    signal,
    timeout: Math.min(config.timeout, call.timeout),
    maxTotalTimeout: call.timeout,
    resetTimeoutOnProgress: true,
    onprogress: (progress: Progress) => call.onProgress?.({ type: 'progress', data: dataOf(progress) }),
  }
  const keep = keeper(call.services, signal)
  try {
    if (asked.known) return await outcomeOf(await client.callTool({ name: asked.known.name, arguments: asked.input }, options), keep)
    if (asked.tool.id.endsWith(`.${READ_RESOURCE}`)) return await readResource(client, listing, asked.input, options, keep)
    if (asked.tool.id.endsWith(`.${GET_PROMPT}`)) return await getPrompt(client, listing, asked.input, options, keep)
    throw new Error(`no call is known for ${asked.tool.id}`)
  } catch (error) {
    throw await faultOf(error, config.id, asked.tool.id, reads ? 'no' : 'unknown', signal)
  }
}

type Options = NonNullable<Parameters<Client['callTool']>[1]>
type Keep = ReturnType<typeof keeper>

async function readResource(
  client: Client,
  listing: Listing | null,
  { uri }: Record<string, unknown>,
  options: Options,
  keep: Keep,
): Promise<McpOutcome> {
  if (typeof uri === 'string' && uri !== '')
    return outcomeOfResource(await client.readResource({ uri }, { ...options, cacheMode: 'bypass' }), keep)
  const resources = listing?.resources ?? []
  return { text: `${resources.length} resources.`, files: [], links: resources, failed: false }
}

async function getPrompt(
  client: Client,
  listing: Listing | null,
  input: Record<string, unknown>,
  options: Options,
  keep: Keep,
): Promise<McpOutcome> {
  const { name, arguments: given } = input
  if (typeof name === 'string' && name !== '')
    return outcomeOfPrompt(await client.getPrompt({ name, arguments: textOnly(given) }, options), keep)
  const prompts = listing?.prompts ?? []
  const line = (prompt: (typeof prompts)[number]) =>
    `${prompt.name}(${prompt.arguments.map((one) => `${one.name}${one.required ? '' : '?'}`).join(', ')}): ${prompt.description}`
  return { text: prompts.map(line).join('\n'), files: [], links: [], failed: false }
}

const textOnly = (given: unknown): Record<string, string> =>
  typeof given === 'object' && given !== null ? Object.fromEntries(Object.entries(given).map(([key, value]) => [key, String(value)])) : {}

function dataOf({ progress, total, message }: Progress): Record<string, unknown> {
  return { done: progress, ...(total !== undefined && { total }), ...(message !== undefined && { message: oneLine(message, 300) }) }
}

/** Of the host's own connections: what was open before is of no use then. */
const BROKEN = new Set(['connection-failed', 'connection-lost', 'tls-invalid', 'address-unresolved', 'answer-too-large'])

/** @param applied what is known of a call that the server may have begun. */
async function faultOf(error: unknown, id: string, tool: string, applied: 'no' | 'unknown', signal: AbortSignal): Promise<unknown> {
  if (error instanceof LifeOsError)
    return BROKEN.has(error.code) ? unreachable(id, error.message, error.applied === 'no' ? 'no' : applied) : error
  if (signal.aborted && signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError') return timedOut(id, applied)
  if (signal.aborted)
    return signal.reason instanceof LifeOsError ? signal.reason : new LifeOsError('call-revoked', 'The call was stopped.', { applied })
  const { ProtocolError, SdkError, SdkErrorCode } = await import('@modelcontextprotocol/client')
  if (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout) return timedOut(id, applied)
  if (error instanceof ProtocolError) return toolFailed(tool, oneLine(error.message, 2000), applied)
  return unreachable(id, messageOf(error), applied)
}

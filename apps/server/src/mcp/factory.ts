import type { Server } from '@modelcontextprotocol/server'
import type { RequestStateCodec } from '@modelcontextprotocol/server'
import { callTool } from './calls.ts'
import type { Asked } from './calls.ts'
import { listResources, readResource } from './resources.ts'
import { listTools } from './tools.ts'
import type { McpCaller } from './types.ts'

type Library = typeof import('@modelcontextprotocol/server')

const INSTRUCTIONS = `Tools of a person's own Life-OS. Reading answers at once. Everything else is shown to the person as exact changes first and
waits for their approval; a result with state "waiting" says what for. What was done can be taken back with life-os_undo.`

/** Life-OS as an MCP server for one caller. Every call is a run: previewed, journaled, and undone like any other. */
export function createMcpServer(library: Library, codec: RequestStateCodec<Asked>, caller: McpCaller, version: string): Server {
  const server = new library.Server(
    { name: 'life-os', title: 'Life-OS', version },
    {
      capabilities: { tools: {}, resources: {} },
      instructions: INSTRUCTIONS,
      requestState: { verify: (state, context) => codec.verify(state, context) },
    },
  )
  server.setRequestHandler('tools/list', async () => ({ tools: await listTools(caller) }))
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    const canAsk = server.getClientCapabilities()?.elicitation !== undefined
    return callTool({ library, codec, caller, canAsk, context }, params.name, params.arguments ?? {})
  })
  server.setRequestHandler('resources/list', () => listResources(caller))
  server.setRequestHandler('resources/templates/list', async () => ({
    resourceTemplates: [{ uriTemplate: 'life-os://runs/{id}', name: 'A run, its steps and its outputs', mimeType: 'application/json' }],
  }))
  server.setRequestHandler('resources/read', ({ params }) => readResource(caller, params.uri))
  return server
}

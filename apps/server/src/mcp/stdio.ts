import { randomBytes } from 'node:crypto'
import type { Asked } from './calls.ts'
import { createMcpServer } from './factory.ts'
import type { McpCaller } from './types.ts'

/** Speaks MCP on this process's standard streams until the client closes them. */
export async function serveMcpOverStdio(caller: McpCaller, version: string): Promise<void> {
  const [library, { serveStdio, StdioServerTransport }] = await Promise.all([
    import('@modelcontextprotocol/server'),
    import('@modelcontextprotocol/server/stdio'),
  ])
  const codec = library.createRequestStateCodec<Asked>({ key: randomBytes(32), ttlSeconds: 24 * 3600 })
  const ended = new Promise<void>((resolve) => process.stdin.once('close', resolve).once('end', resolve))
  const handle = serveStdio(() => createMcpServer(library, codec, caller, version), { transport: new StdioServerTransport() })
  await ended
  await handle.close()
}

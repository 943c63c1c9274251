import { Client } from '@modelcontextprotocol/client'
import type { CallToolResult } from '@modelcontextprotocol/client'

/** A client as strangers have it. */
export interface Opened extends AsyncDisposable {
  client: Client
  /** Forms that the server put to the person. */
  asked: string[]
  call(
    name: string,
    args?: Record<string, unknown>,
  ): Promise<{ isError: boolean; said: Record<string, unknown> & { state?: string; run?: string } }>
}

/** `decide`: the person at the client; null closes the form. Absent: it cannot ask. */
export async function open(
  transport: Parameters<Client['connect']>[0],
  mode: 'legacy' | 'auto',
  decide?: (message: string) => 'approve' | 'refuse' | null,
): Promise<Opened> {
  const asked: string[] = []
  const client = new Client(
    { name: 'test', version: '1.0.0' },
    { capabilities: decide ? { elicitation: { form: {} } } : {}, versionNegotiation: { mode } },
  )
  if (decide)
    client.setRequestHandler('elicitation/create', async ({ params }) => {
      asked.push(params.message)
      const decision = decide(params.message)
      return decision === null ? { action: 'cancel' as const } : { action: 'accept' as const, content: { decision } }
    })
  await client.connect(transport)
  return {
    client,
    asked,
    async call(name, args = {}) {
      const answer: CallToolResult = await client.callTool({ name, arguments: args })
      return { isError: answer.isError === true, said: answer.structuredContent as Record<string, unknown> }
    },
    [Symbol.asyncDispose]: () => client.close(),
  }
}

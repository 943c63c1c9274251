import { hash, randomBytes, randomUUID } from 'node:crypto'
import { createRouterClient } from '@orpc/server'
import type { ContractRouterClient } from '@orpc/contract'
import { LifeOsError } from '@life-os/contract'
import type { Contract } from '@life-os/contract'
import type { Identity } from '@life-os/kernel/auth'
import type { Asked } from '../mcp/calls.ts'
import { createMcpServer } from '../mcp/factory.ts'
import type { McpCaller } from '../mcp/types.ts'
import { authorise } from '../router/index.ts'
import type { AppRouter } from '../router/index.ts'

type Library = typeof import('@modelcontextprotocol/server')
type Session = { caller: McpCaller; usedAt: number; transport: InstanceType<Library['WebStandardStreamableHTTPServerTransport']> }

/** Connections of clients of the older protocol that are kept at once, and how long without use. */
const SESSIONS = 100
const UNUSED = 3_600_000 // ms

/**
 * MCP over streamable HTTP. The newest protocol needs no connection; for older clients one is kept, bound to the token that
 * opened it. The library is loaded with the first request.
 */
export function createMcpEndpoint(router: AppRouter, version: string, now: () => number) {
  const sessions = new Map<string, Session>()
  let loading: ReturnType<typeof load> | undefined

  async function load() {
    const library = await import('@modelcontextprotocol/server')
    const codec = library.createRequestStateCodec<Asked>({ key: randomBytes(32), ttlSeconds: 24 * 3600 })
    const modern = library.createMcpHandler(
      ({ authInfo }) => createMcpServer(library, codec, authInfo?.extra?.['caller'] as McpCaller, version),
      { legacy: 'reject' },
    ) // put there below
    return { library, codec, modern }
  }
  /** @throws `not-signed-in`, `scope-missing` */
  async function serve(request: Request, identity: Identity | null, address: string): Promise<Response> {
    authorise(identity, 'read')
    const caller = callerOf(router, identity as Identity, request, address) // authorise has thrown for nobody
    const { library, codec, modern } = await (loading ??= load())
    if (!(await library.isLegacyRequest(request)))
      return modern.fetch(request, { authInfo: { token: '', clientId: caller.id, scopes: [...caller.scopes], extra: { caller } } })
    forgetUnused()
    const given = request.headers.get('mcp-session-id')
    const session = given === null ? undefined : sessions.get(given)
    if (given !== null && (!session || session.caller.id !== caller.id)) return gone()
    if (session) {
      session.usedAt = now()
      return session.transport.handleRequest(request)
    }
    return open(library, codec, caller, request)
  }

  async function open(
    library: Library,
    codec: Awaited<ReturnType<typeof load>>['codec'],
    caller: McpCaller,
    request: Request,
  ): Promise<Response> {
    if (sessions.size >= SESSIONS)
      throw new LifeOsError('too-many-requests', 'Too many MCP clients are connected. Close one, or try again later.', {
        class: 'operational',
      })
    const transport = new library.WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => void sessions.set(id, { caller, usedAt: now(), transport }),
      onsessionclosed: (id) => void sessions.delete(id),
    })
    await createMcpServer(library, codec, caller, version).connect(transport)
    return transport.handleRequest(request)
  }

  function forgetUnused(): void {
    for (const [id, { usedAt, transport }] of sessions)
      if (now() - usedAt > UNUSED) {
        sessions.delete(id)
        void transport.close()
      }
  }

  return {
    serve,
    async [Symbol.asyncDispose]() {
      const all = [...sessions.values()]
      sessions.clear()
      await Promise.all(all.map(({ transport }) => transport.close()))
      await (await loading)?.modern.close()
    },
  }
}

/** The API in this process, as this caller may use it. */
function callerOf(router: AppRouter, identity: Identity, request: Request, address: string): McpCaller {
  const url = new URL(request.url)
  const context = () => ({ identity, address, answer: new Headers(), trace: { called: false } })
  return {
    client: createRouterClient(router, { context }) as ContractRouterClient<Contract>, // the router implements the contract
    scopes: identity.scopes,
    id: hash('sha256', `${identity.via} ${identity.person.id} ${request.headers.get('authorization') ?? ''}`), // another token has other scopes
    address: url.origin,
    showsPrivate: url.searchParams.get('private') === 'show',
  }
}

/** What a client is told whose connection is not, or is somebody else's; it opens a new one then. */
const gone = (): Response =>
  Response.json({ jsonrpc: '2.0', error: { code: -32_001, message: 'Session not found' }, id: null }, { status: 404 })

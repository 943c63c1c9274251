import type { Readable } from 'node:stream'
import type { McpServerConfig } from '@life-os/contract'
import type { Client, jsonSchemaValidator, Transport } from '@modelcontextprotocol/client'
import { createPinnedFetch, openOwnEgress, systemLookup } from '../host/index.ts'
import type { Lookup, McpMount } from '../host/index.ts'
import type { Sandbox } from '../sandbox/index.ts'
import type { Secrets } from '../secrets/index.ts'
import { pluginOf } from './describe.ts'
import { LIMITS } from './limits.ts'
import { createStdioTransport } from './stdio-transport.ts'
import { oneLine } from './words.ts'

export interface ConnectDeps {
  sandbox: Sandbox
  secrets: Secrets
  lookup?: Lookup | undefined
}
export interface ConnectOptions {
  config: McpServerConfig
  /** Of a server in a box: what it sees, and the values of its secret variables. */
  mounts: readonly McpMount[]
  secretEnv: Readonly<Record<string, string>>
  note(line: string): void
  /** Sets up what the server may ask of us; before the first word is spoken. */
  prepare(client: Client): void
  onToolsChanged(): void
  /** `auto`: asks for the newest protocol first. */
  era: 'auto' | 'legacy'
  signal: AbortSignal
}
/** A server that said hello. */
export interface Connection {
  readonly client: Client
  readonly pid: number | null
  /** Resolves once, when it has ended, with why where that is known. */
  readonly ended: Promise<string | null>
  calm(): void
  close(): Promise<void>
}

type Library = typeof import('@modelcontextprotocol/client')

/** Where the proxy answers inside a box. */
const PROXY_PORT = 3128
const MEMORY = 1024 // MiB
const PIDS = 256

/** Starts or reaches a server and says hello. Nothing is left behind where that fails. */
export async function connect(deps: ConnectDeps, options: ConnectOptions): Promise<Connection> {
  const library = await import('@modelcontextprotocol/client')
  await using stack = new AsyncDisposableStack()
  const opened = options.config.transport.kind === 'http' ? openHttp(library, deps, options) : await openBox(library, deps, options, stack)
  const client = clientOf(library, options)
  options.prepare(client)
  const ended = Promise.withResolvers<string | null>()
  let why: string | null = null
  client.onerror = (error) => {
    why = oneLine(error.message, 300)
    options.note(`protocol: ${why}`)
  }
  client.onclose = () => ended.resolve(why)
  stack.defer(async () => {
    await client.close().catch(() => undefined) // it may have gone before
    ended.resolve(why)
  })
  await client.connect(opened.transport, { signal: options.signal, timeout: LIMITS.hello })
  const all = stack.move()
  return { client, pid: opened.pid, ended: ended.promise, calm: opened.calm, close: () => all.disposeAsync() }
}

function clientOf({ Client }: Library, { onToolsChanged, era }: ConnectOptions): Client {
  return new Client(
    { name: 'life-os', version: '0.1.0' },
    {
      capabilities: { roots: {}, elicitation: { form: {} }, sampling: {} },
      versionNegotiation: { mode: era, probe: { timeoutMs: 3000 } },
      // A stranger's schema is not compiled here: what it answers is data, whatever it says of its shape.
      jsonSchemaValidator: believing,
      listChanged: { tools: { autoRefresh: false, onChanged: onToolsChanged } },
      inputRequired: { maxRounds: 4 },
    },
  )
}

/** An answer as it came: nothing here relies on its type. */
const believing: jsonSchemaValidator = {
  getValidator:
    <T>() =>
    (input: unknown) => ({ valid: true, data: input as NonNullable<T>, errorMessage: undefined }), // T is what the caller hopes for
}

interface Opened {
  transport: Transport
  pid: number | null
  calm(): void
}

function openHttp({ StreamableHTTPClientTransport }: Library, { secrets, lookup }: ConnectDeps, { config }: ConnectOptions): Opened {
  if (config.transport.kind !== 'http') throw new Error('no HTTP server')
  const { url, auth } = config.transport
  const by = pluginOf(config.id)
  const fetch = createPinnedFetch({ url, auth, secrets, lookup, by, idle: LIMITS.silence, most: LIMITS.answer })
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    fetch,
    redirectPolicy: 'same-origin',
    onInsufficientScope: 'throw',
    reconnectionOptions: { initialReconnectionDelay: 500, maxReconnectionDelay: 10_000, reconnectionDelayGrowFactor: 2, maxRetries: 5 },
  })
  return { transport: transport as Transport, pid: null, calm: () => undefined } // its optional fields are declared without undefined
}

async function openBox(library: Library, deps: ConnectDeps, options: ConnectOptions, stack: AsyncDisposableStack): Promise<Opened> {
  const { config, mounts, note } = options
  if (config.transport.kind !== 'stdio') throw new Error('no server in a box')
  const { command, args, env, network } = config.transport
  const { sandbox, lookup = systemLookup } = deps
  const egress =
    network.length > 0 ? stack.use(await openOwnEgress(pluginOf(config.id), network, sandbox.identity, options.signal, lookup)) : null
  const served = sandbox.serve({
    program: command,
    args,
    cwd: '/work',
    mounts,
    env: { ...(egress && proxied()), ...env, ...options.secretEnv },
    proxy: egress && { socket: egress.socket, port: PROXY_PORT },
    limits: { memory: MEMORY, pids: PIDS },
  })
  stack.defer(async () => {
    served.kill()
    await served.ended
  })
  noteLines(served.stderr, note)
  void served.ended.then(({ code, signal }) =>
    note(`ended with ${signal ?? `code ${code}`}${served.ranOutOfMemory() ? ': out of memory' : ''}`),
  )
  const transport = createStdioTransport(served, library, note)
  return { transport, pid: served.pid ?? null, calm: () => transport.calm() }
}

function proxied(): Record<string, string> {
  const proxy = `http://127.0.0.1:${PROXY_PORT}`
  return { http_proxy: proxy, https_proxy: proxy, HTTP_PROXY: proxy, HTTPS_PROXY: proxy, NODE_USE_ENV_PROXY: '1' }
}

/** What it says on its standard error, in lines; a line without an end is cut. */
function noteLines(stream: Readable, note: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('error', () => undefined)
  stream.on('data', (text: string) => {
    const all = (rest + text).slice(-64 * 1024).split('\n')
    rest = (all.pop() ?? '').slice(0, LIMITS.line)
    for (const line of all.slice(-LIMITS.lines)) if (line.trim() !== '') note(line)
  })
}

import { LifeOsError, McpServerConfig } from '@life-os/contract'
import type { McpServer } from '@life-os/contract'
import type { Client } from '../backend/client.ts'
import { printable } from '../output/colour.ts'
import { EXIT } from '../output/exit.ts'
import type { Exit } from '../output/exit.ts'
import { table } from '../output/table.ts'
import type { Command, Session } from '../session.ts'
import { absolute } from './inputs.ts'

export interface AddServerOptions {
  id: string
  command: string[]
  url?: string
  name?: string
  mount?: string[]
  network?: string[]
  env?: string[]
  secretEnv?: string[]
  secret?: string
  as?: 'bearer' | 'basic' | 'header' | 'query'
  field?: string
  /** Seconds. */
  timeout?: number
  yes?: boolean
}

export const listServers: Command = async (session) => {
  const { io, paint } = session
  const { client } = await session.backend()
  const servers = await client.mcp.list()
  if (io.json) io.out(JSON.stringify(servers))
  else if (servers.length === 0) io.out('No MCP server is set up. Add one with: lifeos mcp servers add <id> -- <command>')
  else
    for (const line of table(
      servers.map((server) => [
        server.config.id,
        paint(toneOf(server), server.state),
        `${server.tools.length} tools`,
        printable(server.reason ?? server.config.name),
      ]),
    ))
      io.out(line)
  return EXIT.done
}

export const showServer: Command<{ id: string }> = async (session, { id }) => {
  const { client } = await session.backend()
  const server = await client.mcp.get({ id })
  if (session.io.json) session.io.out(JSON.stringify(server))
  else
    for (const line of [
      ...serverLines(session, server),
      ...server.log.slice(-20).map((said) => `  ${session.paint('dim', printable(said))}`),
    ])
      session.io.out(line)
  return EXIT.done
}

/** Sets it up, shows what it offers, and accepts that when a person says so. */
export const addServer: Command<AddServerOptions> = async (session, options) => {
  const { client } = await session.backend()
  const parsed = McpServerConfig.safeParse(configOf(options))
  if (!parsed.success)
    throw new LifeOsError('usage', parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'), {
      class: 'user',
    })
  return consider(session, client, await client.mcp.set(parsed.data), options.yes ?? false)
}

export const acceptServer: Command<{ id: string; yes?: boolean }> = async (session, { id, yes = false }) => {
  const { client } = await session.backend()
  return consider(session, client, await client.mcp.get({ id }), yes)
}

export const removeServer: Command<{ id: string }> = async (session, { id }) => {
  const { client } = await session.backend()
  return told(session, await client.mcp.remove({ id }), `Forgot ${id}.`)
}

export const reconnectServer: Command<{ id: string }> = async (session, { id }) => {
  const { client } = await session.backend()
  const server = await client.mcp.reconnect({ id })
  return told(session, server, serverLines(session, server).join('\n'), server.state === 'unreachable' ? EXIT.failed : EXIT.done)
}

async function consider(session: Session, client: Client, server: McpServer, yes: boolean): Promise<Exit> {
  const { io, paint } = session
  const { id } = server.config
  for (const line of serverLines(session, server)) io.note(line)
  if (server.state === 'unreachable' || server.digest === null)
    return told(session, server, `It was not reached: ${printable(server.reason ?? 'it said nothing')}`, EXIT.failed)
  if (server.state !== 'waiting' && server.state !== 'changed') return told(session, server, `${id} is ${server.state}; nothing waits.`)
  const agreed = yes || (io.canAsk && /^y(es)?$/i.test((await io.ask('Accept these tools? y/N: ')).trim()))
  if (!agreed) return told(session, server, `Its tools wait. Accept them with: lifeos mcp servers accept ${id}`, EXIT.waiting)
  const accepted = await client.mcp.accept({ id, digest: server.digest })
  return told(session, accepted, `${paint('green', '✓')} The tools of ${id} can be used: lifeos tools mcp-${id}`)
}

function serverLines({ paint }: Session, server: McpServer): string[] {
  const { config, tools } = server
  const where = config.transport.kind === 'http' ? config.transport.url : [config.transport.command, ...config.transport.args].join(' ')
  const says = server.server
    ? `It calls itself ${printable(server.server.name)} ${printable(server.server.version)}.`
    : 'It was not reached yet.'
  return [
    `${config.id}  ${paint(toneOf(server), server.state)}  ${printable(where)}`,
    ...(server.reason === null ? [] : [`  ${paint('amber', printable(server.reason))}`]),
    `  ${says} What it says of its tools are its own words.`,
    ...server.difference.map((line) => `  ${paint('amber', '≠')} ${printable(line)}`),
    ...table(
      tools.map((tool) => [`  ${tool.accepted ? ' ' : '+'} ${tool.id}`, tool.effect, printable(firstLine(tool.description || tool.title))]),
    ),
  ]
}

const firstLine = (text: string): string => (text.split('\n')[0] ?? '').slice(0, 100)
const toneOf = ({ state }: McpServer) => (state === 'ready' || state === 'idle' ? ('green' as const) : ('amber' as const))

function configOf(options: AddServerOptions): unknown {
  const { id, command, url, name = id, timeout } = options
  if ((url === undefined) === (command.length === 0))
    throw new LifeOsError('usage', 'Give either --url or, after --, the command of a server.', { class: 'user' })
  const transport =
    url === undefined ? stdioOf(options) : { kind: 'http', url, ...(options.secret !== undefined && { auth: authOf(options) }) }
  return { id, name, transport, ...(timeout !== undefined && { timeout: timeout * 1000 }) }
}

function stdioOf({ command, mount = [], network = [], env = [], secretEnv = [] }: AddServerOptions) {
  const [program = '', ...args] = command
  const mounts = mount.map((text) => {
    const write = text.endsWith(':write')
    return { path: absolute(write ? text.slice(0, -':write'.length) : text), access: write ? 'write' : 'read' }
  })
  return { kind: 'stdio', command: program, args, mounts, network, env: pairs(env), secretEnv: pairs(secretEnv) }
}

const authOf = ({ secret, as, field }: AddServerOptions) => ({
  secret,
  ...(as !== undefined && { as }),
  ...(field !== undefined && { name: field }),
})

function pairs(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((pair) => {
      const at = pair.indexOf('=')
      if (at < 1) throw new LifeOsError('usage', `“${pair}”: write it as NAME=value.`, { class: 'user' })
      return [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )
}

function told(session: Session, document: unknown, words: string, exit: Exit = EXIT.done): Exit {
  session.io.out(session.io.json ? JSON.stringify(document) : words)
  return exit
}

import { Option } from 'commander'
import type { Command as Program } from 'commander'
import type { AddServerOptions } from './commands/mcp-servers.ts'
import type { Exit } from './output/exit.ts'
import { whole } from './output/whole.ts'
import type { Session } from './session.ts'

type Done = (work: Promise<Exit | undefined>) => Promise<void>

const list = (value: string, before: string[] = []): string[] => [...before, value]

/** `lifeos mcp …`. */
export function addMcp(program: Program, session: () => Session, done: Done): void {
  const mcp = program
    .command('mcp')
    .description('serve your tools to an MCP client on standard input and output')
    .option('--approve', 'the client may put approvals to you and pass your answer on')
    .option('--private', 'the client may be told what is private')
    .action(async (options: { approve?: boolean; private?: boolean }) =>
      done((await import('./commands/mcp.ts')).serveMcp(session(), options)),
    )
  addServers(mcp, session, done)
}

function addServers(mcp: Program, session: () => Session, done: Done): void {
  const load = () => import('./commands/mcp-servers.ts')
  const servers = mcp
    .command('servers')
    .description('MCP servers whose tools Life-OS uses')
    .action(async () => done((await load()).listServers(session(), {})))
  servers
    .command('list')
    .description('what is set up')
    .action(async () => done((await load()).listServers(session(), {})))
  servers
    .command('show')
    .argument('<id>')
    .description('one server with its tools and its last words')
    .action(async (id: string) => done((await load()).showServer(session(), { id })))
  servers
    .command('add')
    .argument('<id>', 'small letters, digits and dashes')
    .argument('[command...]', 'after --: the program to run in a box, with its arguments')
    .option('--url <address>', 'a server that runs elsewhere, instead of a command')
    .option('--name <text>', 'what you call it')
    .option('--mount <folder>', 'a folder it sees; folder:write to let it change it; repeat for more', list)
    .option('--network <host:port>', 'a place it may reach; repeat for more', list)
    .option('--env <name=value>', 'a variable; repeat for more', list)
    .option('--secret-env <name=secret>', 'a variable with the value of a secret, which it sees; repeat for more', list)
    .option('--secret <name>', 'with --url: a secret that is added to requests')
    .addOption(new Option('--as <way>', 'how that secret is sent').choices(['bearer', 'basic', 'header', 'query']))
    .option('--field <name>', 'the name of that header or field')
    .option('--timeout <seconds>', 'for one call', whole)
    .option('-y, --yes', 'accept its tools as they are')
    .description('set a server up; nothing of it is used before you accept its tools')
    .action(async (id: string, command: string[], options: Omit<AddServerOptions, 'id' | 'command'>) =>
      done((await load()).addServer(session(), { ...options, id, command })),
    )
  servers
    .command('accept')
    .argument('<id>')
    .option('-y, --yes', 'without asking again')
    .description('accept its tools as they are now')
    .action(async (id: string, options: { yes?: boolean }) => done((await load()).acceptServer(session(), { ...options, id })))
  servers
    .command('remove')
    .argument('<id>')
    .description('forget a server')
    .action(async (id: string) => done((await load()).removeServer(session(), { id })))
  servers
    .command('reconnect')
    .argument('<id>')
    .description('connect anew and look at its tools')
    .action(async (id: string) => done((await load()).reconnectServer(session(), { id })))
}

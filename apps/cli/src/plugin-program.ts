import type { Command as Program } from 'commander'
import { whole } from './output/whole.ts'
import type { Exit } from './output/exit.ts'
import type { Session } from './session.ts'

type Done = (work: Promise<Exit | undefined>) => Promise<void>

/** `lifeos plugin …`. */
export function addPlugins(program: Program, session: () => Session, done: Done): void {
  const load = () => import('./commands/plugins.ts')
  const plugin = program.command('plugin').description('plugins: install, accept, settings, health')
  plugin
    .command('list')
    .description('what is installed')
    .action(async () => done((await load()).listPlugins(session(), {})))
  plugin
    .command('show')
    .argument('<id>')
    .description('one plugin with its permissions, tools and figures')
    .action(async (id: string) => done((await load()).showPlugin(session(), { id })))
  plugin
    .command('install')
    .argument('<source>', 'a folder, a .tgz, .tar or .zip, or a git address')
    .option('--ref <name>', 'branch or tag of a git address')
    .option('--watch', 'build and reload it when a file in the folder changes')
    .option('-y, --yes', 'accept what it asks for')
    .description('install or update; nothing of it runs before you accept it')
    .action(async (source: string, options: { ref?: string; watch?: boolean; yes?: boolean }) =>
      done((await load()).installPlugin(session(), { ...options, source })),
    )
  plugin
    .command('accept')
    .argument('<id>')
    .option('--digest <sha256>', 'only this very version')
    .option('-y, --yes', 'without asking again')
    .description('accept the version that waits')
    .action(async (id: string, options: { digest?: string; yes?: boolean }) =>
      done((await load()).acceptPlugin(session(), { ...options, id })),
    )
  plugin
    .command('reject')
    .argument('<id>')
    .description('drop the version that waits')
    .action(async (id: string) => done((await load()).rejectPlugin(session(), { id })))
  plugin
    .command('update')
    .argument('<id>')
    .option('-y, --yes', 'accept what it asks for')
    .description('look for a newer version where it came from')
    .action(async (id: string, options: { yes?: boolean }) => done((await load()).updatePlugin(session(), { ...options, id })))
  plugin
    .command('rollback')
    .argument('<id>')
    .description('go back to the version before, with what was accepted then')
    .action(async (id: string) => done((await load()).rollbackPlugin(session(), { id })))
  for (const [verb, words] of [
    ['enable', 'enable it, also out of quarantine'],
    ['disable', 'disable it'],
    ['restart', 'a fresh process without labels; no call is lost'],
  ] as const)
    plugin
      .command(verb)
      .argument('<id>')
      .description(words)
      .action(async (id: string) => done((await load()).turnPlugin(session(), { id, verb })))
  plugin
    .command('remove')
    .argument('<id>')
    .option('--data', 'delete its settings too')
    .description('remove an installed plugin')
    .action(async (id: string, options: { data?: boolean }) => done((await load()).removePlugin(session(), { ...options, id })))
  plugin
    .command('settings')
    .argument('<id>')
    .argument('[name=value...]', 'set these; an empty value takes one away')
    .description('settings of a plugin')
    .action(async (id: string, values: string[]) => done((await load()).pluginSettings(session(), { id, values })))
  plugin
    .command('log')
    .argument('<id>')
    .option('--limit <number>', 'how many lines', whole)
    .description('the last lines it wrote')
    .action(async (id: string, options: { limit?: number }) => done((await load()).pluginLog(session(), { ...options, id })))
  addAuthoring(plugin, session, done)
}

/** For who writes one. */
function addAuthoring(plugin: Program, session: () => Session, done: Done): void {
  const load = () => import('./commands/plugin-author.ts')
  plugin
    .command('new')
    .argument('<id>', 'small letters, digits and hyphens')
    .option('--dir <folder>', 'the parent folder, default here')
    .description('make a complete plugin to begin with')
    .action(async (id: string, options: { dir?: string }) => done((await load()).newPlugin(session(), { ...options, id })))
  plugin
    .command('check')
    .argument('<folder>')
    .option('--against <folder>', 'the version before, to see which part of the version must rise')
    .description('every rule a plugin must keep, and what to mend; its code runs in a box')
    .action(async (folder: string, options: { against?: string }) => done((await load()).checkPlugin(session(), { ...options, folder })))
  plugin
    .command('dev')
    .argument('<folder>')
    .option('--try <tool>', 'try this tool first')
    .option('--input <input>', 'its input, as JSON or name=value words')
    .option('--once', 'check and try once, then end')
    .option('-y, --yes', 'do what the preview shows without asking')
    .description('check at every change, and try its tools here and in the browser')
    .action(async (folder: string, options: { try?: string; input?: string; once?: boolean; yes?: boolean }) =>
      done((await load()).devPlugin(session(), { ...options, folder })),
    )
}

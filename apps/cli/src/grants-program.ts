import { Argument, Option } from 'commander'
import type { Command as Program } from 'commander'
import type { Level, LevelDomain } from '@life-os/contract'
import type { Exit } from './output/exit.ts'
import { whole } from './output/whole.ts'
import type { Session } from './session.ts'

type Done = (work: Promise<Exit | undefined>) => Promise<void>

const VERDICTS = ['allow', 'ask', 'deny']
const SUBJECTS = ['person', 'agent', 'plan', 'plugin', 'schedule', 'run', 'any']
const DOMAINS = ['files', 'web', 'commands', 'secrets', 'data', 'home', 'models', 'spending']
const LEVELS = ['none', 'view', 'suggest', 'safe', 'all']

/** Grants, levels and their history. */
export function addGrants(program: Program, session: () => Session, done: Done): void {
  const load = () => import('./commands/grants.ts')
  const grants = program.command('grants').description('remembered decisions')
  grants
    .command('list', { isDefault: true })
    .argument('[search]')
    .description('who may do what, in plain words, with its last use')
    .addOption(new Option('--verdict <verdict>').choices(VERDICTS))
    .addOption(new Option('--subject <kind>', 'whom it is for').choices(SUBJECTS))
    .option('--plugin <id>', 'those for this plugin')
    .option('--limit <number>', 'how many', whole)
    .action(async (search: string | undefined, options: object) =>
      done((await load()).listGrants(session(), { ...options, ...(search !== undefined && { search }) })),
    )
  grants
    .command('add')
    .argument('<permission>', 'for example fs.write:/home/me/Downloads/** or net:example.org:443')
    .description('remember a decision')
    .addOption(new Option('--verdict <verdict>').choices(VERDICTS).default('allow'))
    .option('--for <subject>', 'for example plan:tidy-folder', 'any')
    .option('--days <number>', 'forget it after', whole)
    .action(async (permission: string, options: object) => done((await load()).addGrant(session(), { ...options, permission })))
  grants
    .command('revoke')
    .argument('<id>')
    .description('forget a decision')
    .action(async (id: string) => done((await load()).revokeGrant(session(), { id })))
  grants
    .command('levels')
    .description('the level of each domain')
    .action(async () => done((await load()).listLevels(session(), {})))
  grants
    .command('level')
    .addArgument(new Argument('<domain>').choices(DOMAINS))
    .addArgument(new Argument('<level>').choices(LEVELS))
    .option('--for <subject>', 'for example agent:writer', 'any')
    .description('set a level: writes grants in place of those of the level before')
    .action(async (domain: LevelDomain, level: Level, options: object) =>
      done((await load()).setLevel(session(), { ...options, domain, level })),
    )
}

export function addAudit(program: Program, session: () => Session, done: Done): void {
  const load = () => import('./commands/audit.ts')
  const audit = program.command('audit').description('the audit record: who did what, by which rule')
  audit
    .command('list', { isDefault: true })
    .argument('[search]')
    .description('newest first')
    .option('--run <id>')
    .option('--kind <kind>', 'decision, effect, approval, grant, …')
    .option('--actor <id>')
    .option('--tool <id>')
    .option('--rule <rule>', 'for example granted or grant-deny')
    .addOption(new Option('--verdict <verdict>').choices(VERDICTS))
    .option('--from <time>', 'for example 2026-05-01 or 2026-05-01T08:00')
    .option('--until <time>')
    .option('--limit <number>', 'how many', whole)
    .action(async (search: string | undefined, options: object) =>
      done((await load()).listAudit(session(), { ...options, ...(search !== undefined && { search }) })),
    )
  audit
    .command('verify')
    .description('prove that nothing in it was changed')
    .action(async () => done((await load()).verifyAudit(session(), {})))
}

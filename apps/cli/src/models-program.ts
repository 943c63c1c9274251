import { Option } from 'commander'
import type { Command as Program } from 'commander'
import type { RouteOptions } from './commands/models.ts'
import type { AddOptions } from './commands/models-add.ts'
import type { BudgetOptions, CostsOptions } from './commands/models-costs.ts'
import type { Exit } from './output/exit.ts'
import { whole } from './output/whole.ts'
import type { Session } from './session.ts'

type Done = (work: Promise<Exit | undefined>) => Promise<void>

/** `lifeos models …`. */
export function addModels(program: Program, session: () => Session, done: Done): void {
  const models = program.command('models').description('models: providers, what they can do, what they cost')
  addLooking(models, session, done)
  addProviders(models, session, done)
  addKeeping(models, session, done)
  addMoney(models, session, done)
}

function addLooking(models: Program, session: () => Session, done: Done): void {
  const load = () => import('./commands/models.ts')
  models
    .command('list', { isDefault: true })
    .option('--fresh', 'ask every provider anew')
    .description('every model that can be used, with its price per million tokens (in / out)')
    .action(async (options: { fresh?: boolean }) => done((await load()).listModels(session(), options)))
  models
    .command('show')
    .argument('<model>', 'provider/name')
    .description('one model')
    .action(async (ref: string) => done((await load()).showModel(session(), { ref })))
  models
    .command('test')
    .argument('<model>')
    .argument('[prompt]')
    .option('--picture <file>', 'send a picture with it')
    .description('send a prompt, and a picture')
    .action(async (ref: string, prompt: string | undefined, { picture }: { picture?: string }) =>
      done((await load()).testModel(session(), { ref, prompt, picture })),
    )
  models
    .command('qualify')
    .argument('<model>')
    .description('measure tool calls, JSON, context and speed; routing uses the result')
    .action(async (ref: string) => done((await load()).qualifyModel(session(), { ref })))
  models
    .command('route')
    .option('--model <name>', 'an alias or provider/name')
    .option('--for <id>', 'a tool or an agent')
    .option('--private', 'with private data')
    .option('--vision', 'with a picture')
    .option('--embed', 'for embeddings')
    .description('which model a call would go to, and why')
    .action(async (options: RouteOptions) => done((await load()).routeModel(session(), options)))
}

function addProviders(models: Program, session: () => Session, done: Done): void {
  models
    .command('providers')
    .description('providers: set up, and found on this machine')
    .action(async () => done((await import('./commands/models.ts')).listProviders(session(), {})))
  models
    .command('add')
    .argument('<id>', 'openai, anthropic, google, or a name of your own')
    .addOption(new Option('--kind <kind>').choices(['ollama', 'openai-compatible', 'openai', 'anthropic', 'google']))
    .option('--url <url>', 'where it answers, if not at its usual place')
    .option('--secret <name>', 'a secret that holds its key')
    .option('--key', 'ask for a key, also where the kind needs none')
    .option('--no-key', 'ask for none')
    .description('set a provider up; its key is asked for, or read from standard input')
    .action(async (id: string, options: Omit<AddOptions, 'id'>) =>
      done((await import('./commands/models-add.ts')).addProvider(session(), { ...options, id })),
    )
  models
    .command('remove')
    .argument('<id>')
    .description('forget a provider')
    .action(async (id: string) => done((await import('./commands/models.ts')).removeProvider(session(), { id })))
}

function addKeeping(models: Program, session: () => Session, done: Done): void {
  const load = () => import('./commands/models-keep.ts')
  models
    .command('pull')
    .argument('<model>', 'for example ollama/qwen3:4b')
    .description('fetch a model to this machine')
    .action(async (ref: string) => done((await load()).pullModel(session(), { ref })))
  models
    .command('delete')
    .argument('<model>')
    .description('delete a model from this machine')
    .action(async (ref: string) => done((await load()).deleteModel(session(), { ref })))
  models
    .command('advice')
    .description('models that fit the memory of this machine')
    .action(async () => done((await load()).adviseModels(session(), {})))
}

function addMoney(models: Program, session: () => Session, done: Done): void {
  const load = () => import('./commands/models-costs.ts')
  models
    .command('costs')
    .addOption(new Option('--by <word>').choices(['day', 'model', 'agent', 'tool', 'person', 'plugin']))
    .option('--days <number>', 'default 30', whole)
    .description('calls, tokens and money')
    .action(async (options: CostsOptions) => done((await load()).showCosts(session(), options)))
  models
    .command('budget')
    .option('--call <amount>', 'the most one call may cost; none: no limit')
    .option('--run <amount>')
    .option('--person-day <amount>')
    .option('--day <amount>')
    .description('how the budgets stand; with an option, change it')
    .action(async (options: BudgetOptions) => done((await load()).budgetModels(session(), options)))
}

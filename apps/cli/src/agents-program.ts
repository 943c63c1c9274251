import type { Command as Program } from 'commander'
import type { Exit } from './output/exit.ts'
import type { Session } from './session.ts'

type Done = (work: Promise<Exit | undefined>) => Promise<void>

/** Agents as data: what they are told, may use and did. */
export function addAgents(program: Program, session: () => Session, done: Done): void {
  const load = () => import('./commands/agents.ts')
  const agents = program.command('agents').description('agents: what they are told, what they may use, what they did')
  agents
    .command('list', { isDefault: true })
    .description('every agent, where it comes from and whether it is on')
    .action(async () => done((await load()).listAgents(session(), {})))
  agents
    .command('show')
    .argument('<id>')
    .option('--text', 'its definition alone, as YAML that can be changed and saved')
    .description('instructions, tools, permissions and statistics of an agent')
    .action(async (id: string, options: { text?: boolean }) => done((await load()).showAgent(session(), { ...options, id })))
  for (const [name, enabled, words] of [
    ['enable', true, 'switch an agent on'],
    ['disable', false, 'switch an agent off; what runs now goes on'],
  ] as const)
    agents
      .command(name)
      .argument('<id>')
      .description(words)
      .action(async (id: string) => done((await load()).enableAgent(session(), { id, enabled })))
  agents
    .command('versions')
    .argument('<id>')
    .description('versions of an agent, newest first')
    .action(async (id: string) => done((await load()).agentVersions(session(), { id })))
  agents
    .command('rollback')
    .argument('<id>')
    .argument('<version>')
    .description('make what an earlier version said the newest')
    .action(async (id: string, version: string) => done((await load()).rollbackAgent(session(), { id, version })))
  agents
    .command('save')
    .argument('<file>', 'YAML or JSON')
    .description('save an agent as a new version')
    .action(async (file: string) => done((await load()).saveAgent(session(), { file })))
  agents
    .command('remove')
    .argument('<id>')
    .description('remove an own agent, or go back to the one that is shipped')
    .action(async (id: string) => done((await load()).removeAgent(session(), { id })))
}

/** Sentences learned from what a person decided. */
export function addPreferences(program: Program, session: () => Session, done: Done): void {
  const load = () => import('./commands/preferences.ts')
  const preferences = program.command('preferences').description('how you want things done, as sentences that agents are told')
  preferences
    .command('list', { isDefault: true })
    .option('--agent <id>', 'those that this agent is told, and those for all')
    .description('every sentence with where it came from; only kept ones are told to a model')
    .action(async (options: { agent?: string }) => done((await load()).listPreferences(session(), options)))
  preferences
    .command('keep')
    .argument('<id>')
    .option('--say <sentence>', 'in other words')
    .description('let agents be told a sentence that was proposed')
    .action(async (id: string, options: { say?: string }) =>
      done((await load()).setPreference(session(), { ...options, id, state: 'kept' })),
    )
  preferences
    .command('off')
    .argument('<id>')
    .description('tell it nobody, and do not propose it again')
    .action(async (id: string) => done((await load()).setPreference(session(), { id, state: 'off' })))
  preferences
    .command('say')
    .argument('<sentence>', 'for example “Answer in German.”')
    .option('--agent <id>', 'for this agent alone')
    .description('write a sentence of your own')
    .action(async (sentence: string, options: { agent?: string }) =>
      done((await load()).addPreference(session(), { ...options, sentence })),
    )
  preferences
    .command('forget')
    .argument('<id>')
    .description('remove a sentence, and the decisions that led to it')
    .action(async (id: string) => done((await load()).forgetPreference(session(), { id })))
}

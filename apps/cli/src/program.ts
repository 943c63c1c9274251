import { Command as Program, Option } from 'commander'
import { addChat } from './chat-program.ts'
import type { DecideOptions } from './commands/decide.ts'
import { addAgents, addPreferences } from './agents-program.ts'
import { addAudit, addGrants } from './grants-program.ts'
import type { Exit } from './output/exit.ts'
import { addLabels } from './labels-program.ts'
import { addMcp } from './mcp-program.ts'
import { addModels } from './models-program.ts'
import { whole } from './output/whole.ts'
import { addPlanner } from './planner-program.ts'
import { addPlugins } from './plugin-program.ts'
import { addSecrets } from './secrets-program.ts'
import type { Session } from './session.ts'

export interface Running {
  session(): Session
  finish(exit: Exit | undefined): void
}

const list = (value: string, before: string[] = []): string[] => [...before, value]
const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 bad usage or bad plan, 3 refused by the gate, 4 waiting for approval, 5 stopped or paused.
LIFEOS_HOME is the data folder (default ~/.life-os).`

/** Every command and its options; what a command does is loaded when it is asked for. */
export function createProgram({ session, finish }: Running): Program {
  const program = new Program('lifeos')
    .description('Plans you can read before they run, approve, stop, resume and undo.')
    .addHelpText('after', EXIT_CODES)
  program
    .option('--json', 'print one JSON document (for watch: one event a line)')
    .option('--home <folder>', 'the data folder, instead of LIFEOS_HOME')
  program.configureHelp({ showGlobalOptions: true }).showSuggestionAfterError().version('0.1.0')
  const done = (work: Promise<Exit | undefined>) => work.then(finish)

  program
    .command('start')
    .description('start Life-OS, or open the one that runs')
    .option('--background', 'as a process of its own')
    .option('--port <number>', 'default 7777', whole)
    .option('--no-open', 'do not open the browser')
    .option('--host <address>', 'listen there; needs --listen and a passphrase')
    .option('--listen', 'yes, other machines may reach it')
    .option('--allow-host <name>', 'a further name it is asked for by', list)
    .action(async (options: object) => done((await import('./commands/start.ts')).start(options)))

  withDecision(
    withInputs(
      program.command('preview').argument('<plan>', 'a file or the id of a stored plan').description('show every change a plan would make'),
      list,
    ),
    false,
  ).action(async (plan: string, options: { input?: string[]; all?: boolean; allow?: string[] }) =>
    done((await import('./commands/run.ts')).preview(session(), { ...options, plan, input: options.input ?? [] })),
  )

  withDecision(
    withInputs(
      program.command('run').argument('<plan>', 'a file or the id of a stored plan').description('run a plan: preview, ask, do'),
      list,
    ),
    true,
  )
    .addOption(new Option('--mode <mode>', 'default as in Settings').choices(['observe', 'draft', 'autopilot']))
    .action(async (plan: string, options: DecideOptions & { input?: string[]; mode?: 'observe' | 'draft' | 'autopilot' }) =>
      done((await import('./commands/run.ts')).run(session(), { ...options, plan, input: options.input ?? [] })),
    )

  withDecision(
    program.command('approve').argument('<id>', 'of a run or an approval').description('answer what a run asks, and go on with it'),
    true,
  )
    .addOption(
      new Option('--answer <word>', 'for questions that want another word').choices([
        'approve',
        'done',
        'not-done',
        'stop',
        'retry',
        'continue',
      ]),
    )
    .option('--output <json>', 'what a step brought that is done')
    .addOption(new Option('--remember <how>', 'this once, for this run, or always here').choices(['no', 'run', 'always']))
    .option('--permission <permission>', 'what to remember, of what is offered; repeat for more', list)
    .action(
      async (
        id: string,
        options: DecideOptions & { answer?: 'approve' | 'done' | 'not-done' | 'stop' | 'retry' | 'continue'; output?: string },
      ) => done((await import('./commands/approve.ts')).approve(session(), { ...options, id })),
    )
  program
    .command('refuse')
    .argument('<id>', 'of a run or an approval')
    .option('--reason <text>')
    .addOption(new Option('--remember <how>', 'always: refuse it from now on').choices(['no', 'run', 'always']))
    .option('--permission <permission>', 'what to refuse from now on, of what is offered; repeat for more', list)
    .description('say no to what a run asks')
    .action(async (id: string, options: { reason?: string; remember?: 'no' | 'run' | 'always'; permission?: string[] }) =>
      done((await import('./commands/approve.ts')).refuse(session(), { ...options, id })),
    )
  withDecision(program.command('undo').argument('<run>').description('undo a run'), true)
    .addOption(
      new Option('--conflicts <how>', 'where something else changed since').choices(['skip', 'overwrite', 'keep-both']).default('skip'),
    )
    .option('--alone', 'leave what the plans did that it started')
    .action(async (run: string, options: DecideOptions & { conflicts?: 'skip' | 'overwrite' | 'keep-both'; alone?: boolean }) =>
      done((await import('./commands/run.ts')).undo(session(), { ...options, run })),
    )

  addChat(program, session, done)
  addPlanner(program, session, done)
  addRuns(program, session, done)
  addPlans(program, session, done)
  addSecrets(program, session, done)
  addModels(program, session, done)
  addPlugins(program, session, done)
  addMcp(program, session, done)
  program
    .command('tools')
    .argument('[id]', 'a tool or a plugin')
    .description('what can be done')
    .action(async (id?: string) => done((await import('./commands/tools.ts')).listTools(session(), id === undefined ? {} : { id })))
  addAgents(program, session, done)
  addPreferences(program, session, done)
  addGrants(program, session, done)
  addLabels(program, session, done)
  addAudit(program, session, done)
  program
    .command('stop')
    .description('emergency stop: no effect happens until it is lifted')
    .option('--lift', 'lift it')
    .action(async (options: { lift?: boolean }) => done((await import('./commands/tools.ts')).emergencyStop(session(), options)))
  program
    .command('doctor')
    .description('where things are, what is missing, how to mend it')
    .action(async () => done((await import('./commands/doctor.ts')).doctor(session(), {})))
  return program
}

type Done = (work: Promise<Exit | undefined>) => Promise<void>

function addRuns(program: Program, session: () => Session, done: Done): void {
  const load = () => import('./commands/runs.ts')
  const runs = program
    .command('runs')
    .description('list runs')
    .option('--limit <number>', 'how many', whole)
    .option('--plan <id>')
    .addOption(
      new Option('--state <state>').choices([
        'previewing',
        'queued',
        'running',
        'waiting',
        'paused',
        'done',
        'failed',
        'cancelled',
        'stopped',
      ]),
    )
    .action(async (options: { limit?: number }) => done((await load()).listRuns(session(), options)))
  runs
    .command('show')
    .argument('<id>')
    .description('one run with its steps')
    .action(async (id: string) => done((await load()).showRun(session(), { id })))
  runs
    .command('watch')
    .argument('<id>')
    .description('follow a run')
    .action(async (id: string) => done((await load()).watchRun(session(), { id })))
  runs
    .command('cancel')
    .argument('<id>')
    .description('end a run; what it did stays and can be undone')
    .action(async (id: string) => done((await load()).cancelRun(session(), { id })))
  runs
    .command('resume')
    .argument('[id]')
    .description('go on with a run, or with all that are unfinished')
    .option('--budget <amounts>', 'what it may spend from here on, as "20000 tokens, 0.50 USD, 10m"')
    .action(async (id: string | undefined, options: { budget?: string }) =>
      done((await load()).resumeRuns(session(), { ...options, ...(id !== undefined && { id }) })),
    )
}

function addPlans(program: Program, session: () => Session, done: Done): void {
  const load = () => import('./commands/plans.ts')
  const plan = program.command('plan').description('plans')
  plan
    .command('check')
    .argument('<file>')
    .description('every fault at once, with line and column')
    .action(async (name: string) => done((await load()).checkPlan(session(), { plan: name })))
  plan
    .command('print')
    .argument('<plan>')
    .option('--mermaid', 'as a flowchart')
    .description('a plan as text')
    .action(async (name: string, options: { mermaid?: boolean }) => done((await load()).printPlan(session(), { ...options, plan: name })))
  plan
    .command('list')
    .argument('[search]')
    .description('plans that can be run')
    .action(async (search?: string) => done((await load()).listPlans(session(), search === undefined ? {} : { search })))
  plan
    .command('save')
    .argument('<file>')
    .description('keep a plan; a change makes a new version')
    .action(async (name: string) => done((await load()).savePlan(session(), { plan: name })))
}

const withInputs = (command: Program, collect: typeof list): Program =>
  command
    .option('-i, --input <name=value>', 'an input of the plan; repeat for more', collect)
    .option('--allow <permission>', 'allow for this run only', collect)

function withDecision(command: Program, decides: boolean): Program {
  command.option('--all', 'show every change, however many')
  if (!decides) return command
  return command
    .option('-y, --yes', 'approve all but final effects')
    .option('--yes-final', 'approve final effects too')
    .option('--except <glob>', 'leave out changes of these paths', list)
}

import { Option } from 'commander'
import type { Command as Program } from 'commander'
import type { DoOptions } from './commands/do.ts'
import type { Exit } from './output/exit.ts'
import type { Session } from './session.ts'

type Done = (work: Promise<Exit | undefined>) => Promise<void>
const list = (value: string, before: string[] = []): string[] => [...before, value]

/** Goals in words. */
export function addPlanner(program: Program, session: () => Session, done: Done): void {
  decides(
    program.command('do').argument('<goal...>', 'in your own words').description('a plan for a goal: shown, previewed, approved, done'),
  )
    .option('--rules', 'without any model')
    .option('--model <model>', 'an alias or provider/model')
    .option('-i, --input <name=value>', 'an input of the plan that the goal leaves open; repeat for more', list)
    .option('--save <id>', 'keep the plan as a workflow under this id')
    .action(async (goal: string[], options: Omit<DoOptions, 'goal'>) =>
      done((await import('./commands/do.ts')).doGoal(session(), { ...options, goal: goal.join(' ') })),
    )
  decides(program.command('replan').argument('<run>').description('go on with what a run that ended early left undone'))
    .option('--hint <text>', 'what to do otherwise')
    .action(async (run: string, options: Omit<DoOptions, 'goal'> & { hint?: string }) =>
      done((await import('./commands/do.ts')).replan(session(), { ...options, run })),
    )
  program
    .command('eval')
    .description('how well everyday requests become plans: proposals only, nothing is run')
    .option('--model <model>', 'an alias or provider/model; default: the choice for the planner')
    .option('--tasks <file>', 'a task set of your own')
    .option('--only <text>', 'only tasks with this in their id')
    .action(async (options: object) => done((await import('./commands/eval.ts')).evaluate(session(), options)))
}

const decides = (command: Program): Program =>
  command
    .addOption(new Option('--mode <mode>', 'default as in Settings').choices(['observe', 'draft', 'autopilot']))
    .option('--allow <permission>', 'allow for this run only', list)
    .option('--all', 'show every change, however many')
    .option('-y, --yes', 'approve all but final effects')
    .option('--yes-final', 'approve final effects too')
    .option('--except <glob>', 'leave out changes of these paths', list)

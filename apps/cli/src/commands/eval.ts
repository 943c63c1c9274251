import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LifeOsError, errorShape } from '@life-os/contract'
import type { Proposal } from '@life-os/contract'
import { judge, readTasks, type EvalTask } from '@life-os/kernel/planner'
import type { Client } from '../backend/client.ts'
import { EXIT } from '../output/exit.ts'
import { table } from '../output/table.ts'
import { duration } from '../output/units.ts'
import type { Command } from '../session.ts'

export interface EvalOptions {
  model?: string
  /** A task set of one's own. */
  tasks?: string
  /** Only tasks with this in their id. */
  only?: string
}

/** How one task came out. Milliseconds, tokens, micro-units. */
interface Result {
  task: string
  say: string
  way: Proposal['source'] | 'failed'
  ok: boolean
  /** It speaks of places that this home does not have, so that it says nothing of the model. */
  absent: string[]
  wrong: string[]
  time: number
  tokens: number
  micros: number
}

/** Proposes a plan for each everyday request of the task set and holds it to what is expected. Nothing is run. */
export const evaluate: Command<EvalOptions> = async ({ io, paint, backend }, options) => {
  const { client } = await backend()
  const tasks = readTasks(await readFile(options.tasks ?? shippedTasks(), 'utf8')).filter(({ id }) => id.includes(options.only ?? ''))
  const results: Result[] = []
  for (const task of tasks) {
    io.status(`${results.length + 1} of ${tasks.length}: ${task.say}`)
    results.push(await tryOut(client, task, options.model))
  }
  const good = results.filter(({ ok }) => ok).length
  const counted = results.filter(({ ok, absent }) => ok || absent.length === 0).length
  if (io.json) io.out(JSON.stringify({ model: options.model ?? null, good, of: counted, leftOut: results.length - counted, results }))
  else {
    const rows = results.map(({ task, way, ok, time, tokens, micros, wrong, absent }) => [
      task,
      way,
      ok ? paint('green', 'ok') : absent.length > 0 ? '–' : paint('red', 'no'),
      duration(time),
      String(tokens),
      (micros / 1e6).toFixed(4),
      !ok && absent.length > 0 ? `not here: ${absent.join(', ')}` : wrong.join('; '),
    ])
    for (const line of table([['task', 'way', 'ok', 'time', 'tokens', 'cost', ''], ...rows])) io.out(line)
    const left = results.length - counted
    io.out(`${good} of ${counted} as expected.${left > 0 ? ` ${left} left out: they speak of places that are not here.` : ''}`)
  }
  return good === counted ? EXIT.done : EXIT.failed
}

async function tryOut(client: Client, task: EvalTask, model: string | undefined): Promise<Result> {
  const began = performance.now()
  const about = { task: task.id, say: task.say, absent: absentPlaces(task) }
  const spent = () => Math.round(performance.now() - began)
  try {
    const proposal = await client.planner.propose({ goal: task.say, by: 'auto', ...(model !== undefined && { model }) })
    const cost = proposal.run === null ? null : (await client.runs.get({ id: proposal.run })).cost
    const wrong = judge(task, proposal, homedir())
    return {
      ...about,
      way: proposal.source,
      ok: wrong.length === 0,
      wrong,
      time: spent(),
      tokens: cost?.tokens ?? 0,
      micros: cost?.micros ?? 0,
    }
  } catch (error) {
    return { ...about, way: 'failed', ok: false, wrong: [errorShape(error).message], time: spent(), tokens: 0, micros: 0 }
  }
}

/** Places below the home folder that a task expects and that are not there. */
function absentPlaces({ expect }: EvalTask): string[] {
  const places = Object.values(expect.inputs).filter((value): value is string => typeof value === 'string' && value.startsWith('home/'))
  return places
    .filter((place) => !existsSync(join(homedir(), place.slice('home/'.length))))
    .map((place) => `~${place.slice('home'.length)}`)
}

/** The set that lies beside the planner, found from the sources and from the bundle. */
function shippedTasks(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const file = join(folder, 'packages/kernel/src/planner/evals/tasks.yaml')
    if (existsSync(file)) return file
    if (dirname(folder) === folder) throw new LifeOsError('eval-tasks-missing', 'The task set is not here. Name one with --tasks <file>.')
  }
}

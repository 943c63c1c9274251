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
  if (io.json) io.out(JSON.stringify({ model: options.model ?? null, good, of: results.length, results }))
  else {
    const rows = results.map(({ task, way, ok, time, tokens, micros, wrong }) => [
      task,
      way,
      ok ? paint('green', 'ok') : paint('red', 'no'),
      duration(time),
      String(tokens),
      (micros / 1e6).toFixed(4),
      wrong.join('; '),
    ])
    for (const line of table([['task', 'way', 'ok', 'time', 'tokens', 'cost', ''], ...rows])) io.out(line)
    io.out(`${good} of ${results.length} as expected.`)
  }
  return good === results.length ? EXIT.done : EXIT.failed
}

async function tryOut(client: Client, task: EvalTask, model: string | undefined): Promise<Result> {
  const began = performance.now()
  const about = { task: task.id, say: task.say }
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

/** The set that lies beside the planner, found from the sources and from the bundle. */
function shippedTasks(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const file = join(folder, 'packages/kernel/src/planner/evals/tasks.yaml')
    if (existsSync(file)) return file
    if (dirname(folder) === folder) throw new LifeOsError('eval-tasks-missing', 'The task set is not here. Name one with --tasks <file>.')
  }
}

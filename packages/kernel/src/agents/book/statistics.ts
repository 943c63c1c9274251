import type { AgentStatistics } from '@life-os/contract'
import type { Store } from '../../store/index.ts'

/** Where an agent worked: its step of a run. */
interface Turn {
  run: string
  path: string
  rounds: number
}

const ROUND = /\.turn\[\d+\]\.model$/
const CALL = /^\.turn\[\d+\]\.call\[\d+\]$/

/** What an agent did, what it cost and what people answered, from the records of its model calls, tries and decisions. */
export async function statisticsOf(store: Pick<Store, 'db' | 'journal'>, agent: string): Promise<AgentStatistics> {
  await store.journal.flush()
  const usage = await store.db
    .selectFrom('model_usage')
    .select(['run', 'step', 'input', 'output', 'micros'])
    .where('agent', '=', agent)
    .execute()
  const turns = turnsIn(usage)
  const ends = await endsOf(store, agent, turns)
  const answers = await store.db
    .selectFrom('decisions')
    .select(['kind', (select) => select.fn.countAll().as('count')])
    .where('agent', '=', agent)
    .groupBy('kind')
    .execute()
  const answered = (kind: string) => Number(answers.find((one) => one.kind === kind)?.count ?? 0)
  const finished = turns.filter((turn) => ends.get(keyOf(turn))?.state === 'done')
  return {
    agent,
    runs: turns.length,
    done: finished.length,
    failed: turns.filter((turn) => ends.get(keyOf(turn))?.state === 'failed').length,
    time: mean(finished.map((turn) => ends.get(keyOf(turn))?.time ?? 0)),
    rounds: mean(finished.map(({ rounds }) => rounds)),
    tokens: usage.reduce((sum, { input, output }) => sum + input + output, 0),
    micros: usage.reduce((sum, { micros }) => sum + micros, 0),
    approved: answered('approved'),
    refused: answered('refused'),
    edited: answered('edited'),
    tools: await toolsOf(store, agent, turns),
  }
}

function turnsIn(usage: readonly { run: string | null; step: string | null }[]): Turn[] {
  const turns = new Map<string, Turn>()
  for (const { run, step } of usage) {
    if (run === null || step === null || !ROUND.test(step)) continue // a tool of its may have asked a model too
    const path = step.replace(ROUND, '')
    const turn = turns.get(keyOf({ run, path })) ?? { run, path, rounds: 0 }
    turn.rounds += 1
    turns.set(keyOf(turn), turn)
  }
  return [...turns.values()]
}

/** How the agent's own steps ended, with their time from start to end in milliseconds. */
async function endsOf(
  { db }: Pick<Store, 'db'>,
  agent: string,
  turns: readonly Turn[],
): Promise<Map<string, { state: 'done' | 'failed'; time: number }>> {
  const wanted = new Set(turns.map(keyOf))
  const rows = await db
    .selectFrom('run_events')
    .select(['run', 'path', 'type', 'at'])
    .where('type', 'in', ['step-started', 'step-finished', 'step-failed'])
    .where('run', 'in', (select) =>
      select.selectFrom('model_usage').select('run').distinct().where('agent', '=', agent).$narrowType<{ run: string }>(),
    )
    .orderBy('run')
    .orderBy('seq')
    .execute()
  const started = new Map<string, number>()
  const ends = new Map<string, { state: 'done' | 'failed'; time: number }>()
  for (const row of rows) {
    const key = keyOf(row)
    if (!wanted.has(key)) continue
    if (row.type === 'step-started') started.set(key, started.get(key) ?? row.at)
    else ends.set(key, { state: row.type === 'step-finished' ? 'done' : 'failed', time: row.at - (started.get(key) ?? row.at) })
  }
  return ends
}

async function toolsOf({ db }: Pick<Store, 'db'>, agent: string, turns: readonly Turn[]): Promise<AgentStatistics['tools']> {
  const paths = Map.groupBy(turns, ({ run }) => run)
  const tries = await db
    .selectFrom('tries')
    .select(['run', 'path', 'tool', 'state'])
    .where('run', 'in', (select) =>
      select.selectFrom('model_usage').select('run').distinct().where('agent', '=', agent).$narrowType<{ run: string }>(),
    )
    .execute()
  const own = tries.filter(({ run, path }) =>
    paths.get(run)?.some((turn) => path.startsWith(turn.path) && CALL.test(path.slice(turn.path.length))),
  )
  return [...Map.groupBy(own, ({ tool }) => tool)]
    .map(([tool, calls]) => ({ tool, calls: calls.length, failed: calls.filter(({ state }) => state === 'failed').length }))
    .toSorted((a, b) => b.calls - a.calls || (a.tool < b.tool ? -1 : 1))
}

const keyOf = ({ run, path }: { run: string; path: string }): string => `${run} ${path}`

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length

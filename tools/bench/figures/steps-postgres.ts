import type { Figure } from '../figure.ts'
import { committedInserts } from '../floors.ts'
import { ownDatabase } from '../postgres.ts'
import { stepsPerSecond } from '../steps.ts'

const RUNS = 20
const STEPS = 100

export const stepsPostgres: Figure = {
  name: 'steps-postgres',
  title: 'Effect steps on PostgreSQL, 20 runs at once',
  target: { is: 'least', value: 1500, unit: 'steps/s' },
  why: 'As on SQLite; the database is a third busy process on the same cores.',
  async measure() {
    await using database = await ownDatabase()
    const floor = await committedInserts(database.url)
    const value = await stepsPerSecond({ runs: RUNS, steps: STEPS, tool: 'bench.write', url: database.url })
    return {
      value,
      floor,
      note: `${RUNS} runs of ${STEPS} steps on a private PostgreSQL with fsync on; each writes one small file in memory`,
    }
  },
}

import { randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Runs } from '@life-os/kernel/runs'
import type { Logger } from '@life-os/kernel/telemetry'

/** This folder's name on a shared store; made once, so that a restarted server takes its own runs back at once. */
export function instanceOf(home: string): string {
  const file = join(home, 'instance')
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    const name = randomUUID()
    writeFileSync(file, `${name}\n`, { mode: 0o600, flag: 'w' })
    return name
  }
}

const HOUR = 3_600_000
/** Half a lease: a run whose process died elsewhere is taken over soon after its lease is over. */
const SWEEP = 15_000

/** What a server does by itself while it runs: hourly tidying, and on a shared store looking after runs whose process died. */
export function startMaintenance(deps: { runs: Runs; shared: boolean; logger: Logger }): Disposable {
  const { runs, shared, logger } = deps
  const failed = (what: string) => (error: unknown) => logger.error({ error: String(error) }, what)
  const timers = [setInterval(() => void runs.prune().catch(failed('the hourly tidying failed')), HOUR)]
  if (shared) timers.push(setInterval(() => void runs.recover().catch(failed('interrupted runs could not be looked for')), SWEEP))
  for (const timer of timers) timer.unref()
  return {
    [Symbol.dispose]: () => {
      for (const timer of timers) clearInterval(timer)
    },
  }
}

import type { RunsContext } from '../context.ts'
import type { LiveRun } from '../live.ts'
import { valueOutcome, type Outcome } from '../interpreter/outcome.ts'
import { valueOf } from './record.ts'

/** What the journal already holds: done, skipped and continued steps are not repeated. */
export async function finishedOutcome(context: RunsContext, live: LiveRun, path: string): Promise<Outcome | null> {
  const record = live.fold.steps.get(path)
  if (!record) return null
  if (record.state === 'skipped' || record.state === 'continued') return valueOutcome(null, record.labels)
  if (record.state !== 'done' || !record.output) return null
  return valueOutcome(await valueOf(context.deps.store.blobs, record.output), record.output.labels)
}

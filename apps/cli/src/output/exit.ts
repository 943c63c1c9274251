import { LifeOsError } from '@life-os/contract'
import type { Run } from '@life-os/contract'

/** What a caller's script can tell apart. */
export const EXIT = { done: 0, failed: 1, usage: 2, refused: 3, waiting: 4, stopped: 5 } as const
export type Exit = (typeof EXIT)[keyof typeof EXIT]

const USAGE =
  /^(input-|plan-(invalid|missing|unknown)|setting-|run-unknown|thread-|message-empty|agent-unknown|attachment-missing|approval-missing|folder-path|usage)/
const REFUSED = /(^gate-|-refused$|-denied$|^change-not-approved$|^permission-|^scope-|^role-)/
const STOPPED = /^(emergency-stop|run-(stopped|cancelled))/

export function exitOfError(error: unknown): Exit {
  if (!(error instanceof LifeOsError)) return EXIT.failed
  if (STOPPED.test(error.code)) return EXIT.stopped
  if (REFUSED.test(error.code)) return EXIT.refused
  return USAGE.test(error.code) ? EXIT.usage : EXIT.failed
}

/** The exit code of a run that is not going on by itself. */
export function exitOfRun(run: Run): Exit {
  switch (run.state) {
    case 'done':
      return EXIT.done
    case 'waiting':
      return EXIT.waiting
    case 'paused':
    case 'stopped':
    case 'cancelled':
      return EXIT.stopped
    case 'failed':
      return run.error && REFUSED.test(run.error.code) ? EXIT.refused : EXIT.failed
    case 'previewing':
    case 'queued':
    case 'running':
      return EXIT.done // still going on elsewhere
  }
}

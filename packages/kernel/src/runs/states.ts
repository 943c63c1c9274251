/** States a run does not leave by itself. */
export const FINISHED: ReadonlySet<string> = new Set(['done', 'failed', 'cancelled', 'stopped'])

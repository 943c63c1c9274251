import type { Following } from './answer/follow.ts'
import type { ThreadsDeps } from './types.ts'

/** What the parts of this module share; made once by createThreads. */
export interface ThreadsContext {
  deps: ThreadsDeps
  following: Following
  /** Work that nobody waits for; a failure is logged, and disposing waits for it. */
  background(work: Promise<unknown>, what: string): void
}

export const DEFAULT_AGENT = 'assistant'

/** Tells whoever looks at a thread that it is not what it was. */
export async function tell({ deps }: Pick<ThreadsContext, 'deps'>, thread: string, message: string | null): Promise<void> {
  await deps.events.publish('thread.changed', { thread, message })
}

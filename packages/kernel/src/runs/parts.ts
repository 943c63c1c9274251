import type { Run } from '@life-os/contract'
import type { RunsContext } from './context.ts'
import type { Engine } from './drive/engine.ts'
import type { Queries } from './doors/queries.ts'

/** What the doors of this module are made of. */
export interface Parts {
  context: RunsContext
  engine: Engine
  queries: Queries
  settled(id: string): Promise<Run>
  /** Work nobody waits for: a failure is logged. */
  background(work: Promise<unknown>, what: string): void
}

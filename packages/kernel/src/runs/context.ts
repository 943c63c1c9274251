import type { LabelFlow } from './calls/label-flow.ts'
import type { Lanes } from './calls/lanes.ts'
import type { Toolbox } from './calls/toolbox.ts'
import type { ProgressNote } from '@life-os/contract'
import type { RunRow } from '../store/index.ts'
import type { RunsDeps } from './types.ts'

/** What the parts of this module share; made once by createRuns. */
export interface RunsContext {
  deps: RunsDeps
  toolbox: Toolbox
  lanes: Lanes
  labels: LabelFlow
  progress(note: ProgressNote): void
  /** Goes on with a run that was just stored, in the background; nothing where it is in hand already. */
  begin(row: Pick<RunRow, 'id' | 'state'>): void
}

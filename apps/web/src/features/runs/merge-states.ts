import type { ChangeState, Row } from '../../components/review/rows.ts'
import { changeKey } from '../../lib/live-run.ts'
import type { LiveState } from '../../lib/live-run.ts'

/** What the page shows of each change: the journal as it streams, and once the run is over what the server says of it. */
export function mergeStates(
  rows: readonly Pick<Row, 'id' | 'state' | 'change'>[],
  live: ReadonlyMap<string, LiveState>,
  over: boolean,
): ReadonlyMap<string, ChangeState> {
  const states = new Map<string, ChangeState>()
  if (live.size === 0) return states
  for (const row of rows) {
    if (over && row.state !== 'proposed' && row.state !== 'doing') continue
    const state = live.get(changeKey(row.change))
    if (state !== undefined) states.set(row.id, state)
  }
  return states
}

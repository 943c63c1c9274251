import type { JournalEntry, ProgressNote, Run } from '@life-os/contract'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { api } from '../../lib/api.ts'
import { EMPTY_LIVE, foldEntries, foldNote } from '../../lib/live-run.ts'
import type { LiveRun } from '../../lib/live-run.ts'
import { addSample } from '../../lib/rate.ts'
import type { Sample } from '../../lib/rate.ts'
import { openStream } from '../../lib/stream.ts'
import { isOver } from '../../lib/queries.ts'

const FRAME_MS = 100

/** Follows the journal of a run that goes on; entries are folded ten times a second, whatever their rate. */
export function useLiveRun(run: Pick<Run, 'id' | 'state'> | undefined): { live: LiveRun; samples: readonly Sample[] } {
  const queries = useQueryClient()
  const id = run?.id
  const [state, setState] = useState<{ id: string | undefined; live: LiveRun; samples: readonly Sample[] }>({
    id,
    live: EMPTY_LIVE,
    samples: [],
  })
  const follows = run !== undefined && !isOver(run.state)
  useEffect(() => {
    if (!follows || id === undefined) return
    let entries: JournalEntry[] = []
    let notes: ProgressNote[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    let live = EMPTY_LIVE
    let samples: readonly Sample[] = []
    const flush = (): void => {
      timer = undefined
      const ended = live.ended
      live = foldEntries(live, entries)
      for (const note of notes) live = foldNote(live, note)
      entries = []
      notes = []
      samples = addSample(samples, { at: performance.now(), done: live.done })
      setState({ id, live, samples })
      if (live.ended && !ended)
        for (const key of [api.runs.get.key(), api.runs.changes.key(), api.runs.list.key(), api.runs.steps.key(), api.runs.outputs.key()])
          void queries.invalidateQueries({ queryKey: key })
    }
    const later = (): void => void (timer ??= setTimeout(flush, FRAME_MS))
    const stream = openStream(
      { run: id, after: 0 },
      {
        journal: (entry) => (entries.push(entry), later()),
        progress: (heard) => (notes.push(heard), later()),
      },
    )
    return () => {
      clearTimeout(timer)
      if (entries.length > 0) flush()
      stream[Symbol.dispose]()
    }
  }, [id, follows, queries])
  return state.id === id ? state : { live: EMPTY_LIVE, samples: [] }
}

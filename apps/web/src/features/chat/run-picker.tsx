import type { Attachment } from '@life-os/contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { StateBadge } from '../../components/badge.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { SearchInput } from '../../components/field.tsx'
import { nameOfRun, outcomeOf, placeOf } from '../../components/runs/outcome.ts'
import { Failure, SkeletonRows } from '../../components/states.tsx'
import { requestError } from '../../lib/api.ts'
import { homePath, moment } from '../../lib/format.ts'
import { recentRuns } from '../../lib/queries.ts'

const CHAT = 'chat-turn' // an answer of a conversation is a run too, and is no news to one

/** The last runs, to talk about one of them. */
export function RunPicker({ onPick, onClose }: { onPick: (attachment: Attachment) => void; onClose: () => void }) {
  const runs = useQuery(recentRuns())
  const [words, setWords] = useState('')
  const shown = (runs.data?.items ?? [])
    .filter((run) => run.plan.id !== CHAT)
    .filter((run) => `${nameOfRun(run)} ${placeOf(run) ?? ''}`.toLowerCase().includes(words.toLowerCase()))
  return (
    <Dialog open onOpenChange={(open) => open || onClose()} wide title="Attach a run" description="What it did, and what came of it.">
      <div className="sticky top-0 border-b border-line bg-raised p-2">
        <SearchInput value={words} onChange={setWords} label="Search runs" className="w-full" />
      </div>
      {runs.isPending ? (
        <SkeletonRows rows={6} label="Loading runs" />
      ) : runs.error ? (
        <Failure error={requestError(runs.error)} onRetry={() => void runs.refetch()} quiet />
      ) : shown.length === 0 ? (
        <p className="px-4 py-8 text-center text-ink-faint">{words === '' ? 'Nothing has run yet.' : 'No run is called that.'}</p>
      ) : (
        <ul className="p-1">
          {shown.map((run) => (
            <li key={run.id}>
              <button
                type="button"
                onClick={() => onPick({ kind: 'run', run: run.id, name: nameOfRun(run).slice(0, 300) })}
                className="flex min-h-9 w-full items-center gap-2 rounded-control px-3 py-1.5 text-left hover:bg-hover phone:min-h-11"
              >
                <span className="shrink-0 font-medium">{nameOfRun(run)}</span>
                <span className="min-w-0 flex-1 truncate text-12 text-ink-faint">
                  {[placeOf(run) === null ? null : homePath(placeOf(run) ?? ''), outcomeOf(run)].filter(Boolean).join(' · ')}
                </span>
                <span className="shrink-0 text-12 text-ink-faint phone:hidden">{moment(run.createdAt)}</span>
                <StateBadge state={run.state} />
              </button>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  )
}

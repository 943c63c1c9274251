import type { JournalEntry, Run } from '@life-os/contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ChevronRight } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { Icon } from '../../components/icon.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Empty, Failure, SkeletonRows } from '../../components/states.tsx'
import { api, requestError } from '../../lib/api.ts'
import { cn } from '../../lib/cn.ts'
import { homeText, preciseTime } from '../../lib/format.ts'
import { eventTone, eventWords } from './event-words.ts'
import { PageShown } from './page-shown.tsx'

/** The append-only record of the run, as it is. */
export function JournalTab({ run }: { run: Run }) {
  const journal = useInfiniteQuery(
    api.runs.journal.infiniteOptions({
      input: (after: number) => ({ id: run.id, after, limit: 500 }),
      initialPageParam: 0,
      getNextPageParam: (page) => page.next ?? undefined,
    }),
  )
  const entries = useMemo(() => journal.data?.pages.flatMap((page) => page.items) ?? [], [journal.data])
  if (journal.isPending) return <SkeletonRows rows={16} label="Loading the journal" />
  if (journal.error) return <Failure error={requestError(journal.error)} onRetry={() => void journal.refetch()} quiet />
  if (entries.length === 0)
    return (
      <Empty icon={GLYPH.run} title="The journal is empty" quiet>
        A preview writes nothing; the first entry comes with the first step.
      </Empty>
    )
  return <Entries entries={entries} onEnd={() => journal.hasNextPage && !journal.isFetchingNextPage && void journal.fetchNextPage()} />
}

function Entries({ entries, onEnd }: { entries: readonly JournalEntry[]; onEnd: () => void }) {
  const scroll = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState<number | null>(null)
  const virtual = useVirtualizer({ count: entries.length, getScrollElement: () => scroll.current, estimateSize: () => 28, overscan: 12 })
  const slots = virtual.getVirtualItems()
  const last = slots.at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= entries.length - 50) onEnd()
  }, [last, entries.length, onEnd])
  return (
    <div
      ref={scroll}
      tabIndex={0}
      role="list"
      aria-label="Journal"
      className="mono h-full overflow-auto text-12 focus-visible:-outline-offset-2"
    >
      <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
        {slots.map((slot) => {
          const entry = entries[slot.index]
          if (!entry) return null
          const shown = open === entry.seq
          const { event } = entry
          return (
            <div
              key={entry.seq}
              ref={virtual.measureElement}
              data-index={slot.index}
              role="listitem"
              className="absolute inset-x-0 top-0 border-b border-line/60"
              style={{ transform: `translateY(${slot.start}px)` }}
            >
              <button
                type="button"
                aria-expanded={shown}
                onClick={() => setOpen(shown ? null : entry.seq)}
                className="flex h-7 w-full items-center gap-3 px-4 text-left hover:bg-hover/60 phone:h-11 phone:px-3"
              >
                <Icon of={ChevronRight} size={12} className={cn('text-ghost', shown && 'rotate-90')} />
                <span className="w-10 shrink-0 text-right text-ink-faint">{entry.seq}</span>
                <span className="w-24 shrink-0 text-ink-faint phone:hidden">{preciseTime(entry.at)}</span>
                <span className={cn('w-36 shrink-0', eventTone(event))}>{event.type}</span>
                <span className="w-44 shrink-0 truncate text-ink-soft narrow:hidden">{'path' in event ? event.path : ''}</span>
                <span className="min-w-0 flex-1 truncate">{homeText(eventWords(event))}</span>
              </button>
              {shown && event.type === 'page-shown' ? <PageShown event={event} /> : null}
              {shown ? (
                <pre className="overflow-auto border-t border-line/60 bg-sunken px-4 py-2 text-ink-soft">
                  {JSON.stringify(event, null, 2)}
                </pre>
              ) : null}
            </div>
          )
        })}
      </div>
    </div>
  )
}

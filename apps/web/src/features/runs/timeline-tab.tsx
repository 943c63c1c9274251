import type { Run, RunStep } from '@life-os/contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef } from 'react'
import { StepState } from '../../components/runs/step-state.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Empty, Failure, SkeletonRows } from '../../components/states.tsx'
import { api, requestError } from '../../lib/api.ts'
import { duration, preciseTime } from '../../lib/format.ts'

/** Every step instance as a bar over the run's time. */
export function TimelineTab({ run }: { run: Run }) {
  const steps = useInfiniteQuery(
    api.runs.steps.infiniteOptions({
      input: (cursor: string | undefined) => ({ id: run.id, limit: 200, ...(cursor !== undefined && { cursor }) }),
      initialPageParam: undefined as string | undefined, // the first page has no cursor
      getNextPageParam: (page) => page.next ?? undefined,
    }),
  )
  const items = useMemo(() => steps.data?.pages.flatMap((page) => page.items) ?? [], [steps.data])
  if (steps.isPending) return <SkeletonRows rows={12} label="Loading the timeline" />
  if (steps.error) return <Failure error={requestError(steps.error)} onRetry={() => void steps.refetch()} quiet />
  if (items.length === 0)
    return (
      <Empty icon={GLYPH.graph} title="No step has started" quiet>
        Bars appear here when the run begins.
      </Empty>
    )
  return <Bars run={run} steps={items} onEnd={() => steps.hasNextPage && !steps.isFetchingNextPage && void steps.fetchNextPage()} />
}

function Bars({ run, steps, onEnd }: { run: Run; steps: readonly RunStep[]; onEnd: () => void }) {
  const scroll = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({ count: steps.length, getScrollElement: () => scroll.current, estimateSize: () => 32, overscan: 10 })
  const slots = virtual.getVirtualItems()
  const last = slots.at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= steps.length - 30) onEnd()
  }, [last, steps.length, onEnd])
  const start = run.startedAt ?? run.createdAt
  const end = Math.max(run.finishedAt ?? 0, ...steps.map((step) => step.finishedAt ?? step.startedAt ?? 0), start + 1)
  const share = (at: number): number => ((at - start) / (end - start)) * 100
  return (
    <div ref={scroll} tabIndex={0} role="list" aria-label="Timeline" className="h-full overflow-auto focus-visible:-outline-offset-2">
      <div
        className="sticky top-0 z-10 flex h-8 items-center border-b border-line bg-sunken px-4 text-12 text-ink-faint phone:px-3"
        role="presentation"
      >
        <span className="w-72 shrink-0 phone:w-44">{preciseTime(start)}</span>
        <span className="mono flex-1 text-right">{duration(end - start)}</span>
      </div>
      <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
        {slots.map((slot) => {
          const step = steps[slot.index]
          if (!step) return null
          const from = step.startedAt ?? step.finishedAt
          const to = step.finishedAt ?? (step.startedAt === null ? null : end)
          const depth = step.path.split('.').length - 1
          return (
            <div
              key={step.path}
              role="listitem"
              className="absolute inset-x-0 top-0 flex h-8 items-center border-b border-line/60 px-4 phone:px-3"
              style={{ transform: `translateY(${slot.start}px)` }}
            >
              <span className="flex w-72 shrink-0 items-center gap-2 pr-3 phone:w-44" style={{ paddingLeft: depth * 12 }}>
                <StepState state={step.state} />
                <span className="mono truncate text-12" title={step.path}>
                  {step.path}
                </span>
                {step.tries > 1 ? <span className="shrink-0 text-12 text-change">{step.tries} tries</span> : null}
              </span>
              <span className="relative h-full min-w-0 flex-1">
                {from !== null && to !== null ? (
                  <span
                    className={`absolute top-2.5 h-3 min-w-0.5 rounded-small ${step.state === 'failed' ? 'bg-remove' : step.state === 'running' ? 'bg-accent' : step.state === 'skipped' ? 'bg-line-strong' : 'bg-accent/60'}`}
                    style={{ left: `${Math.min(99.5, share(from))}%`, width: `${Math.max(0.2, share(to) - share(from))}%` }}
                  />
                ) : null}
              </span>
              <span className="mono w-16 shrink-0 text-right text-12 text-ink-faint">
                {from !== null && step.finishedAt !== null ? duration(step.finishedAt - from) : ''}
              </span>
            </div>
          )
        })}
      </div>
    </div>
  )
}

import type { Run, RunState } from '@life-os/contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ChevronDown } from 'lucide-react'
import { useDeferredValue, useEffect, useId, useRef, useState } from 'react'
import type { KeyboardEvent } from 'react'
import { ModeBadge, StateBadge, stateWord } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { SearchInput } from '../../components/field.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Icon } from '../../components/icon.tsx'
import { ChoiceMenu } from '../../components/menu.tsx'
import { nameOfRun, outcomeOf, placeOf } from '../../components/runs/outcome.ts'
import { Empty, Failure, SkeletonRows } from '../../components/states.tsx'
import { useActions } from '../../lib/actions.tsx'
import { api, requestError } from '../../lib/api.ts'
import { cn } from '../../lib/cn.ts'
import { useCrumbs } from '../../lib/crumbs.ts'
import { count, duration, homePath, moment, money, shortId } from '../../lib/format.ts'
import { PHONE, useMedia } from '../../lib/media.ts'
import { useRowHeight } from '../../lib/row-height.ts'

const STATES: readonly RunState[] = ['previewing', 'queued', 'running', 'waiting', 'paused', 'done', 'failed', 'cancelled', 'stopped']
const isState = (value: string | undefined): value is RunState => STATES.some((state) => state === value)

/** Every run, newest first; the address holds the filter. */
export function RunsPage() {
  useCrumbs({ label: 'Runs', to: '/runs' })
  const navigate = useNavigate()
  const search = useSearch({ from: '/runs' })
  const box = useRef<HTMLInputElement>(null)
  const words = useDeferredValue(search.q ?? '')
  const state = isState(search.state) ? search.state : undefined
  const runs = useInfiniteQuery(
    api.runs.list.infiniteOptions({
      input: (cursor: string | undefined) => ({
        limit: 100,
        ...(cursor !== undefined && { cursor }),
        ...(words && { search: words }),
        ...(state && { state }),
        ...(search.plan && { plan: search.plan }),
      }),
      initialPageParam: undefined as string | undefined, // the first page has no cursor
      getNextPageParam: (page) => page.next ?? undefined,
      placeholderData: (before) => before,
    }),
  )
  const set = (change: { state?: string; q?: string }): void =>
    void navigate({ to: '/runs', search: { ...search, ...change }, replace: true })
  useActions([{ id: 'runs.search', name: 'Search in runs', group: 'This page', shortcut: '/', perform: () => box.current?.focus() }])
  const items = runs.data?.pages.flatMap((page) => page.items) ?? []
  const total = runs.data?.pages[0]?.total ?? 0
  const filtered = Boolean(words || state || search.plan)
  return (
    <div className="flex h-full flex-col">
      <div className="flex min-h-11 shrink-0 flex-wrap items-center gap-2 border-b border-line bg-surface px-4 py-1.5 phone:px-3">
        <h1 className="sr-only">Runs</h1>
        <SearchInput ref={box} value={search.q ?? ''} onChange={(q) => set({ q })} label="Search runs" className="w-64 phone:w-full" />
        <ChoiceMenu
          value={state ?? 'all'}
          label="State"
          options={[{ value: 'all', label: 'Every state' }, ...STATES.map((each) => ({ value: each, label: stateWord(each) }))]}
          onChange={(next) => set({ state: next === 'all' ? '' : next })}
          trigger={
            <Button>
              {state ? stateWord(state) : 'Every state'}
              <ChevronDown aria-hidden size={14} className="text-ink-faint" />
            </Button>
          }
        />
        {search.plan ? <Button onClick={() => void navigate({ to: '/runs', search: {} })}>Only {search.plan} ×</Button> : null}
        <span className="figures ml-auto text-ink-faint">{runs.data ? count(total, 'run') : ''}</span>
      </div>
      <div className="min-h-0 flex-1">
        {runs.isPending ? (
          <SkeletonRows rows={14} label="Loading runs" />
        ) : runs.error ? (
          <Failure error={requestError(runs.error)} onRetry={() => void runs.refetch()} />
        ) : items.length === 0 ? (
          <Empty
            icon={GLYPH.run}
            title={filtered ? 'No run matches' : 'Nothing has run yet'}
            action={
              filtered ? (
                <Button onClick={() => void navigate({ to: '/runs', search: {} })}>Show all runs</Button>
              ) : (
                <Button tone="accent" onClick={() => void navigate({ to: '/workflows' })}>
                  Choose a workflow
                </Button>
              )
            }
          >
            {filtered ? 'Try fewer words or another state.' : 'Start a workflow; every run stays here with its changes and can be undone.'}
          </Empty>
        ) : (
          <RunTable items={items} total={total} onEnd={() => runs.hasNextPage && !runs.isFetchingNextPage && void runs.fetchNextPage()} />
        )}
      </div>
    </div>
  )
}

const COLUMNS =
  'grid grid-cols-[112px_minmax(140px,1.4fr)_minmax(120px,1fr)_minmax(140px,1.6fr)_84px_72px_112px] items-center gap-4 px-4 narrow:grid-cols-[112px_minmax(120px,1fr)_minmax(120px,1.4fr)_112px] phone:flex phone:gap-3 phone:px-3'

function RunTable({ items, total, onEnd }: { items: readonly Run[]; total: number; onEnd: () => void }) {
  const navigate = useNavigate()
  const phone = useMedia(PHONE)
  const row = useRowHeight()
  const height = phone ? 60 : row
  const base = useId()
  const scroll = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState(-1)
  const virtual = useVirtualizer({ count: items.length, getScrollElement: () => scroll.current, estimateSize: () => height, overscan: 10 })
  useEffect(() => virtual.measure(), [height, virtual])
  const slots = virtual.getVirtualItems()
  const last = slots.at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= items.length - 20) onEnd()
  }, [last, items.length, onEnd])
  const onKey = (event: KeyboardEvent): void => {
    const to =
      event.key === 'ArrowDown' || event.key === 'j'
        ? active + 1
        : event.key === 'ArrowUp' || event.key === 'k'
          ? active - 1
          : event.key === 'Home'
            ? 0
            : event.key === 'End'
              ? items.length - 1
              : null
    const current = items[active]
    if (event.key === 'Enter' && current) return void navigate({ to: '/runs/$run', params: { run: current.id } })
    if (to === null) return
    event.preventDefault()
    const next = Math.max(0, Math.min(items.length - 1, to))
    setActive(next)
    virtual.scrollToIndex(next)
  }
  return (
    <div
      ref={scroll}
      role="grid"
      aria-label="Runs"
      aria-rowcount={total + 1}
      tabIndex={0}
      onKeyDown={onKey}
      onFocus={() => active < 0 && setActive(0)}
      {...(active >= 0 && { 'aria-activedescendant': `${base}-${active}` })}
      className="h-full overflow-auto focus-visible:-outline-offset-2"
    >
      <div
        role="row"
        className={cn(COLUMNS, 'sticky top-0 z-10 h-8 border-b border-line bg-sunken text-12 font-medium text-ink-faint phone:hidden')}
      >
        {['State', 'Workflow', 'Where', 'Outcome', 'Cost', 'Took', 'When'].map((name, index) => (
          <span
            key={name}
            role="columnheader"
            className={cn(index > 3 && 'text-right', (index === 2 || index === 4 || index === 5) && 'narrow:hidden')}
          >
            {name}
          </span>
        ))}
      </div>
      <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
        {slots.map((slot) => {
          const run = items[slot.index]
          if (!run) return null
          return (
            <div
              key={run.id}
              id={`${base}-${slot.index}`}
              role="row"
              aria-rowindex={slot.index + 2}
              aria-selected={slot.index === active}
              onClick={() => void navigate({ to: '/runs/$run', params: { run: run.id } })}
              className={cn(
                COLUMNS,
                'absolute inset-x-0 top-0 cursor-pointer border-b border-line/60',
                slot.index === active ? 'bg-hover' : 'hover:bg-hover/60',
              )}
              style={{ transform: `translateY(${slot.start}px)`, height }}
            >
              <RunCells run={run} phone={phone} />
            </div>
          )
        })}
      </div>
    </div>
  )
}

function RunCells({ run, phone }: { run: Run; phone: boolean }) {
  const place = placeOf(run)
  const name = (
    <span className="flex min-w-0 items-center gap-1.5 font-medium">
      {run.kind === 'undo' ? <Icon of={GLYPH.undo} size={14} className="text-ink-faint" /> : null}
      <span className="truncate">{nameOfRun(run)}</span>
      {run.mode === 'draft' ? null : <ModeBadge mode={run.mode} />}
    </span>
  )
  if (phone) {
    return (
      <>
        <span role="gridcell" className="min-w-0 flex-1">
          {name}
          <span className="block truncate text-12 text-ink-faint">{outcomeOf(run) || homePath(place ?? '')}</span>
        </span>
        <span role="gridcell" className="flex shrink-0 flex-col items-end gap-0.5">
          <StateBadge state={run.state} />
          <span className="text-12 text-ink-faint">{moment(run.createdAt)}</span>
        </span>
      </>
    )
  }
  return (
    <>
      <span role="gridcell">
        <StateBadge state={run.state} />
      </span>
      <span role="gridcell" className="min-w-0">
        {name}
      </span>
      <span role="gridcell" className="mono min-w-0 truncate text-12 text-ink-faint narrow:hidden" title={place ?? ''}>
        {place ? homePath(place) : shortId(run.id)}
      </span>
      <span role="gridcell" className={cn('min-w-0 truncate', run.state === 'failed' ? 'text-remove' : 'text-ink-soft')}>
        {outcomeOf(run)}
      </span>
      <span role="gridcell" className="mono text-right text-12 text-ink-faint narrow:hidden">
        {money(run.cost.micros)}
      </span>
      <span role="gridcell" className="mono text-right text-12 text-ink-faint narrow:hidden">
        {run.startedAt !== null && run.finishedAt !== null ? duration(run.finishedAt - run.startedAt) : ''}
      </span>
      <span role="gridcell" className="figures text-right text-12 text-ink-faint">
        {moment(run.createdAt)}
      </span>
    </>
  )
}

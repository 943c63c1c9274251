import type { TrashItem } from '@life-os/contract'
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { Undo2 } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Check } from '../../components/check.tsx'
import { Confirm } from '../../components/dialog.tsx'
import { FILE_GLYPH, GLYPH } from '../../components/glyphs.ts'
import { Icon } from '../../components/icon.tsx'
import { Meter } from '../../components/meter.tsx'
import { FileName } from '../../components/path.tsx'
import { Empty, Failure, SkeletonRows } from '../../components/states.tsx'
import { api, client, requestError } from '../../lib/api.ts'
import { cn } from '../../lib/cn.ts'
import { useCrumbs } from '../../lib/crumbs.ts'
import { fileKind } from '../../lib/file-kind.ts'
import { bytes, count, date, folderOf, homePath, moment, nameOf, number } from '../../lib/format.ts'
import { useRefreshRuns } from '../../lib/queries.ts'
import { reportDone } from '../../lib/report.ts'
import { useRowHeight } from '../../lib/row-height.ts'

/** What was removed and can still come back. */
export function TrashPage() {
  useCrumbs({ label: 'Trash' })
  const navigate = useNavigate()
  const refresh = useRefreshRuns()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [emptying, setEmptying] = useState(false)
  const settings = useQuery(api.settings.get.queryOptions())
  const trash = useInfiniteQuery(
    api.system.trash.infiniteOptions({
      input: (cursor: string | undefined) => ({ limit: 200, ...(cursor !== undefined && { cursor }) }),
      initialPageParam: undefined as string | undefined, // the first page has no cursor
      getNextPageParam: (page) => page.next ?? undefined,
    }),
  )
  const restore = useMutation({
    mutationFn: (effects: string[]) => client.system.restoreTrash({ effects }),
    onSuccess: ({ runs }, effects) => {
      setChosen(new Set())
      reportDone(`${count(effects.length, 'file')} going back to where ${effects.length === 1 ? 'it was' : 'they were'}.`)
      if (runs.length === 1 && runs[0]) void navigate({ to: '/runs/$run', params: { run: runs[0] } })
    },
    onSettled: refresh,
  })
  const empty = useMutation({
    mutationFn: () => client.system.emptyTrash(),
    onSuccess: ({ removed, bytes: freed }) => {
      setEmptying(false)
      reportDone(`${count(removed, 'file')} removed for good; ${bytes(freed)} free again.`)
    },
    onSettled: refresh,
  })
  const items = useMemo(() => trash.data?.pages.flatMap((page) => page.items) ?? [], [trash.data])
  if (trash.isPending) return <SkeletonRows rows={12} label="Loading the trash" />
  if (trash.error) return <Failure error={requestError(trash.error)} onRetry={() => void trash.refetch()} />
  const total = trash.data.pages[0]?.total ?? 0
  const size = trash.data.pages[0]?.bytes ?? 0
  if (total === 0)
    return (
      <Empty icon={GLYPH.trash} title="The trash is empty">
        What a run removes is kept here first, so that it can be undone.
      </Empty>
    )
  const limit = settings.data?.trashLimit ?? 0
  return (
    <div className="flex h-full flex-col">
      <header className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-surface px-4 py-3 phone:px-3">
        <div className="min-w-0 flex-1">
          <h1 className="figures text-16 font-semibold tracking-tight">
            {count(total, 'file')}, {bytes(size)}
          </h1>
          <p className="text-ink-faint">Each can be put back until its date. {limit > 0 ? `The trash may hold ${bytes(limit)}.` : ''}</p>
        </div>
        {limit > 0 ? <Meter value={size / limit} label="How full the trash is" className="w-40 phone:hidden" /> : null}
        <Button tone="grave" icon={GLYPH.trash} onClick={() => setEmptying(true)}>
          Empty the trash
        </Button>
      </header>
      <div className="min-h-0 flex-1">
        <TrashList
          items={items}
          chosen={chosen}
          onChosen={setChosen}
          onRestore={(effect) => restore.mutate([effect])}
          onEnd={() => trash.hasNextPage && !trash.isFetchingNextPage && void trash.fetchNextPage()}
        />
      </div>
      {chosen.size > 0 ? (
        <footer className="panel-in flex shrink-0 items-center gap-2 border-t border-line bg-surface px-4 py-2.5 phone:px-3">
          <span className="figures flex-1 font-medium">{number(chosen.size)} chosen</span>
          <Button large onClick={() => setChosen(new Set())}>
            Clear
          </Button>
          <Button large tone="accent" icon={Undo2} busy={restore.isPending} onClick={() => restore.mutate([...chosen])}>
            Put back {count(chosen.size, 'file')}
          </Button>
        </footer>
      ) : null}
      <Confirm
        open={emptying}
        onOpenChange={setEmptying}
        final
        title="Empty the trash for good?"
        message={`${count(total, 'file')} (${bytes(size)}) will be gone. The runs that removed them can no longer be undone. This is final.`}
        confirm="Remove for good"
        busy={empty.isPending}
        onConfirm={() => empty.mutate()}
      />
    </div>
  )
}

function TrashList({
  items,
  chosen,
  onChosen,
  onRestore,
  onEnd,
}: {
  items: readonly TrashItem[]
  chosen: ReadonlySet<string>
  onChosen: (next: ReadonlySet<string>) => void
  onRestore: (effect: string) => void
  onEnd: () => void
}) {
  const scroll = useRef<HTMLDivElement>(null)
  const height = Math.max(40, useRowHeight())
  const virtual = useVirtualizer({ count: items.length, getScrollElement: () => scroll.current, estimateSize: () => height, overscan: 10 })
  useEffect(() => virtual.measure(), [height, virtual])
  const slots = virtual.getVirtualItems()
  const last = slots.at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= items.length - 20) onEnd()
  }, [last, items.length, onEnd])
  const toggle = (effect: string): void =>
    onChosen(chosen.has(effect) ? new Set([...chosen].filter((each) => each !== effect)) : new Set([...chosen, effect]))
  return (
    <div ref={scroll} role="list" aria-label="Removed files" tabIndex={0} className="h-full overflow-auto focus-visible:-outline-offset-2">
      <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
        {slots.map((slot) => {
          const item = items[slot.index]
          if (!item) return null
          const name = nameOf(item.path)
          return (
            <div
              key={item.effect}
              role="listitem"
              className={cn(
                'group absolute inset-x-0 top-0 flex items-center gap-3 border-b border-line/60 px-4 phone:px-3',
                chosen.has(item.effect) ? 'bg-accent-soft' : 'hover:bg-hover/60',
              )}
              style={{ transform: `translateY(${slot.start}px)`, height }}
            >
              <Check checked={chosen.has(item.effect)} onChange={() => toggle(item.effect)} label={`Choose ${name}`} />
              <Icon of={item.kind === 'folder' ? FILE_GLYPH.folder : FILE_GLYPH[fileKind(name)]} className="text-ink-faint" />
              <span className="flex min-w-0 flex-1 items-center gap-3 phone:flex-col phone:items-stretch phone:gap-0">
                <FileName name={name} className="flex-1 font-medium phone:flex-none" />
                <span className="mono min-w-0 flex-1 truncate text-12 text-ink-faint phone:flex-none" title={item.path}>
                  {homePath(folderOf(item.path))}
                </span>
              </span>
              <Link
                to="/runs/$run"
                params={{ run: item.run }}
                className="shrink-0 text-12 text-ink-faint underline-offset-2 hover:text-ink hover:underline narrow:hidden"
              >
                removed {moment(item.at)}
              </Link>
              <span className="w-32 shrink-0 text-right text-12 text-ink-faint narrow:hidden">
                {item.until === null ? 'kept' : `until ${date(item.until)}`}
              </span>
              <span className="mono w-16 shrink-0 text-right text-12 text-ink-faint">{bytes(item.size)}</span>
              <Button tone="quiet" icon={Undo2} onClick={() => onRestore(item.effect)} className="phone:px-2">
                <span className="phone:sr-only">
                  Put back<span className="sr-only"> {name}</span>
                </span>
              </Button>
            </div>
          )
        })}
      </div>
    </div>
  )
}

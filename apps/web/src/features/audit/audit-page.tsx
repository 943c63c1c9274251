import type { AuditRecord } from '@life-os/contract'
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Check, TriangleAlert } from 'lucide-react'
import { useCallback, useDeferredValue, useMemo, useRef, useState } from 'react'
import { ActionButton, Button } from '../../components/button.tsx'
import { Sheet } from '../../components/dialog.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Icon } from '../../components/icon.tsx'
import { Splitter } from '../../components/splitter.tsx'
import { Empty, Failure, SkeletonRows } from '../../components/states.tsx'
import { VERDICTS } from '../../components/verdict.tsx'
import { useActions } from '../../lib/actions.tsx'
import type { Action } from '../../lib/actions.tsx'
import { api, client, requestError } from '../../lib/api.ts'
import { cn } from '../../lib/cn.ts'
import { useCrumbs } from '../../lib/crumbs.ts'
import { count, number } from '../../lib/format.ts'
import { NARROW, useMedia } from '../../lib/media.ts'
import { usePreferences } from '../../lib/preferences.ts'
import { withoutEmpty } from '../../lib/search.ts'
import { AuditDetail } from './audit-detail.tsx'
import { AuditFilters } from './audit-filters.tsx'
import { AuditList } from './audit-list.tsx'
import { KINDS, spanOf } from './audit-words.ts'
import type { AuditSearch } from './audit-words.ts'

const PAGE = 200

function useAudit(search: AuditSearch) {
  const words = useDeferredValue(search.q ?? '')
  const [opened] = useState(() => Date.now())
  const kind = KINDS.find((each) => each.value === search.kind)?.value
  const verdict = VERDICTS.find((each) => each.value === search.verdict)?.value
  const filters = {
    ...(words && { search: words }),
    ...(kind && { kind }),
    ...(verdict && { verdict }),
    ...(search.actor && { actor: search.actor }),
    ...(search.tool && { tool: search.tool }),
    ...(search.rule && { rule: search.rule }),
    ...(search.run && { run: search.run }),
    ...spanOf(search, opened),
  }
  const query = useInfiniteQuery(
    api.audit.list.infiniteOptions({
      input: (cursor: string | undefined) => ({ limit: PAGE, ...(cursor !== undefined && { cursor }), ...filters }),
      initialPageParam: undefined as string | undefined, // the first page has no cursor
      getNextPageParam: (page) => page.next ?? undefined,
      placeholderData: (before) => before,
    }),
  )
  return { query, filtered: Object.keys(filters).length > 0 }
}

/** Who did what, by which rule: every decision, effect and change of a setting, linked so that a gap or a change shows. */
export function AuditPage() {
  useCrumbs({ label: 'Audit', to: '/audit' })
  const navigate = useNavigate()
  const search = useSearch({ from: '/audit' })
  const narrow = useMedia(NARROW)
  const panel = usePreferences((state) => state.panel)
  const setPreferences = usePreferences((state) => state.set)
  const box = useRef<HTMLInputElement>(null)
  const { query, filtered } = useAudit(search)
  const nameOf = useNames()
  const set = (change: AuditSearch): void => void navigate({ to: '/audit', search: withoutEmpty({ ...search, ...change }), replace: true })
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data])
  const open = items.find((record) => String(record.seq) === search.record) ?? null
  useActions([{ id: 'audit.search', name: 'Search the record', group: 'This page', shortcut: '/', perform: () => box.current?.focus() }])
  const detail = open ? <AuditDetail record={open} nameOf={nameOf} onOnly={(change) => set({ ...change, record: '' })} /> : null
  return (
    <div className="flex h-full flex-col">
      <div className="flex min-h-11 shrink-0 flex-wrap items-center gap-2 border-b border-line bg-surface px-4 py-1.5 phone:px-3">
        <h1 className="sr-only">Audit</h1>
        <AuditFilters search={search} set={set} box={box} nameOf={nameOf} />
        <span className="figures ml-auto text-ink-faint">{query.data ? count(query.data.pages[0]?.total ?? 0, 'record') : ''}</span>
        <Verify />
      </div>
      <div className="flex min-h-0 flex-1">
        <div className="min-w-0 flex-1">
          {query.isPending ? (
            <SkeletonRows rows={14} label="Loading the record" />
          ) : query.error ? (
            <Failure error={requestError(query.error)} onRetry={() => void query.refetch()} />
          ) : items.length === 0 ? (
            <Empty
              icon={GLYPH.audit}
              title={filtered ? 'No record matches' : 'Nothing has happened yet'}
              action={filtered ? <Button onClick={() => void navigate({ to: '/audit', search: {} })}>Show everything</Button> : undefined}
            >
              {filtered ? 'Try fewer words, or clear a filter.' : 'Every decision, effect and change of a setting will stand here.'}
            </Empty>
          ) : (
            <AuditList
              items={items}
              open={open?.seq ?? null}
              compact={detail !== null}
              nameOf={nameOf}
              onOpen={(seq) => set({ record: String(seq) })}
              onEnd={() => query.hasNextPage && !query.isFetchingNextPage && void query.fetchNextPage()}
            />
          )}
        </div>
        {detail && !narrow ? (
          <>
            <Splitter value={panel} min={320} max={760} onChange={(value) => setPreferences({ panel: value })} label="Width of the panel" />
            <aside aria-label="Details" tabIndex={0} style={{ width: panel }} className="shrink-0 overflow-auto bg-surface">
              {detail}
            </aside>
          </>
        ) : null}
      </div>
      {narrow ? (
        <Sheet open={detail !== null} onOpenChange={(shown) => shown || set({ record: '' })} title="Record">
          {detail}
        </Sheet>
      ) : null}
    </div>
  )
}

/** People are written down by id; the page says their names. */
function useNames(): (actor: AuditRecord['actor']) => string {
  const people = useQuery({ ...api.people.list.queryOptions(), retry: 0 })
  const names = useMemo(() => new Map(people.data?.map((person) => [person.id, person.name])), [people.data])
  return useCallback((actor: string) => names.get(actor) ?? actor, [names])
}

function Verify() {
  const verify = useMutation({ mutationFn: () => client.audit.verify() })
  const action: Action = {
    id: 'audit.verify',
    name: 'Verify',
    group: 'This page',
    keywords: 'audit chain prove',
    icon: GLYPH.boxed,
    perform: () => verify.mutate(),
  }
  useActions([action])
  const found = verify.data
  return (
    <span className="flex items-center gap-2">
      {found ? (
        <span
          role="status"
          title={found.message}
          className={cn('flex items-center gap-1 font-medium', found.ok ? 'text-add' : 'text-remove')}
        >
          <Icon of={found.ok ? Check : TriangleAlert} size={14} />
          {found.ok ? `${number(found.records)} records, whole` : `broken at ${found.brokenAt}`}
        </span>
      ) : null}
      <ActionButton action={action} busy={verify.isPending} />
    </span>
  )
}

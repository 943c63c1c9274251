import type { Grant, Verdict } from '@life-os/contract'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useDeferredValue, useEffect, useRef } from 'react'
import { Button } from '../../components/button.tsx'
import { SearchInput } from '../../components/field.tsx'
import { FilterMenu } from '../../components/filter-menu.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { permissionWords } from '../../components/permissions/words.ts'
import { Empty, Failure, SkeletonRows } from '../../components/states.tsx'
import { VERDICTS, VerdictBadge } from '../../components/verdict.tsx'
import { useActions } from '../../lib/actions.tsx'
import { api, client, requestError } from '../../lib/api.ts'
import { count, date, fullTime, moment } from '../../lib/format.ts'
import { PHONE, useMedia } from '../../lib/media.ts'
import { reportDone } from '../../lib/report.ts'
import { withoutEmpty } from '../../lib/search.ts'
import { subjectWords } from './level-words.ts'

const ORIGIN: Record<Grant['origin'], string> = {
  input: 'given as an input',
  approval: 'remembered from a question',
  settings: 'set by hand',
  preset: 'written by a level',
  bundled: 'comes with the plugin',
}
const SUBJECTS = (['any', 'person', 'plugin', 'plan', 'agent', 'schedule', 'run'] as const).map((value) => ({
  value,
  label: value === 'any' ? 'for everything' : `for a ${value}`,
}))
const PAGE = 100

export interface GrantsView {
  q?: string
  verdict?: string
  subject?: string
  plugin?: string
}

/** Every remembered decision: what, for whom, since when, last used when; each can be taken back. */
export function GrantsTab() {
  const navigate = useNavigate()
  const search = useSearch({ from: '/permissions' })
  const box = useRef<HTMLInputElement>(null)
  const words = useDeferredValue(search.q ?? '')
  const verdict = VERDICTS.find((each) => each.value === search.verdict)?.value
  const subject = SUBJECTS.find((each) => each.value === search.subject)?.value
  const plugins = useQuery(api.plugins.list.queryOptions())
  const grants = useInfiniteQuery(
    api.grants.list.infiniteOptions({
      input: (cursor: string | undefined) => ({
        limit: PAGE,
        ...(cursor !== undefined && { cursor }),
        ...(words && { search: words }),
        ...(verdict && { verdict }),
        ...(subject && { subject }),
        ...(search.plugin && { plugin: search.plugin }),
      }),
      initialPageParam: undefined as string | undefined, // the first page has no cursor
      getNextPageParam: (page) => page.next ?? undefined,
      placeholderData: (before) => before,
    }),
  )
  const set = (change: GrantsView): void =>
    void navigate({ to: '/permissions', search: withoutEmpty({ ...search, tab: 'grants', ...change }), replace: true })
  useActions([
    { id: 'grants.search', name: 'Search in the decisions', group: 'This page', shortcut: '/', perform: () => box.current?.focus() },
  ])
  const items = grants.data?.pages.flatMap((page) => page.items) ?? []
  const filtered = Boolean(words || verdict || subject || search.plugin)
  return (
    <div className="flex h-full flex-col">
      <div className="flex min-h-11 shrink-0 flex-wrap items-center gap-2 border-b border-line bg-surface px-4 py-1.5 phone:px-3">
        <SearchInput ref={box} value={search.q ?? ''} onChange={(q) => set({ q })} label="Search decisions" className="w-64 phone:w-full" />
        <FilterMenu<Verdict>
          label="Decision"
          all="Every decision"
          value={verdict}
          options={VERDICTS}
          onChange={(next) => set({ verdict: next ?? '' })}
        />
        <FilterMenu
          label="For whom"
          all="For anyone"
          value={subject}
          options={SUBJECTS}
          onChange={(next) => set({ subject: next ?? '' })}
        />
        <FilterMenu
          label="Plugin"
          all="Every plugin"
          value={search.plugin}
          options={(plugins.data ?? []).map((plugin) => ({ value: plugin.manifest.id, label: plugin.manifest.name }))}
          onChange={(next) => set({ plugin: next ?? '' })}
        />
        <span className="figures ml-auto text-ink-faint">{grants.data ? count(grants.data.pages[0]?.total ?? 0, 'decision') : ''}</span>
      </div>
      <div className="min-h-0 flex-1">
        {grants.isPending ? (
          <SkeletonRows rows={12} label="Loading the decisions" />
        ) : grants.error ? (
          <Failure error={requestError(grants.error)} onRetry={() => void grants.refetch()} />
        ) : items.length === 0 ? (
          <Empty
            icon={GLYPH.permission}
            title={filtered ? 'No decision matches' : 'Nothing is remembered'}
            action={
              filtered ? (
                <Button onClick={() => void navigate({ to: '/permissions', search: { tab: 'grants' } })}>Show all</Button>
              ) : undefined
            }
          >
            {filtered ? undefined : 'When you answer a question with “Always here” or “Deny always”, it stands here and can be taken back.'}
          </Empty>
        ) : (
          <GrantList items={items} onEnd={() => grants.hasNextPage && !grants.isFetchingNextPage && void grants.fetchNextPage()} />
        )}
      </div>
    </div>
  )
}

function useRevoke() {
  const queries = useQueryClient()
  const refresh = (): Promise<void> => queries.invalidateQueries({ queryKey: api.grants.key() })
  const again = useMutation({
    mutationFn: ({ subject, permission, verdict, expiresAt }: Grant) => client.grants.add({ subject, permission, verdict, expiresAt }),
    onSuccess: () => reportDone('It is remembered again.'),
    onSettled: refresh,
  })
  return useMutation({
    mutationFn: (grant: Grant) => client.grants.revoke({ id: grant.id }),
    onSuccess: (_, grant) => reportDone('Forgotten. It will be asked again.', { name: 'Undo', perform: () => again.mutate(grant) }),
    onSettled: refresh,
  })
}

function GrantList({ items, onEnd }: { items: readonly Grant[]; onEnd: () => void }) {
  const scroll = useRef<HTMLDivElement>(null)
  const height = useMedia(PHONE) ? 92 : 56
  const revoke = useRevoke()
  const virtual = useVirtualizer({ count: items.length, getScrollElement: () => scroll.current, estimateSize: () => height, overscan: 10 })
  useEffect(() => virtual.measure(), [height, virtual])
  const slots = virtual.getVirtualItems()
  const last = slots.at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= items.length - 20) onEnd()
  }, [last, items.length, onEnd])
  return (
    <div ref={scroll} role="list" aria-label="Decisions" tabIndex={0} className="h-full overflow-auto focus-visible:-outline-offset-2">
      <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
        {slots.map((slot) => {
          const grant = items[slot.index]
          return grant ? (
            <div
              key={grant.id}
              role="listitem"
              className="absolute inset-x-0 top-0 flex items-center gap-3 border-b border-line/60 px-4 hover:bg-hover/60 phone:px-3"
              style={{ transform: `translateY(${slot.start}px)`, height }}
            >
              <GrantLine grant={grant} onRevoke={() => revoke.mutate(grant)} />
            </div>
          ) : null
        })}
      </div>
    </div>
  )
}

function GrantLine({ grant, onRevoke }: { grant: Grant; onRevoke: () => void }) {
  const { title } = permissionWords(grant.permission)
  return (
    <>
      <span className="flex w-12 shrink-0">
        <VerdictBadge verdict={grant.verdict} />
      </span>
      <span className="min-w-0 flex-[3]">
        <span className="block truncate font-medium phone:line-clamp-2 phone:whitespace-normal" title={title}>
          {title}
        </span>
        <span className="mono block truncate text-12 text-ink-faint" title={grant.permission}>
          {grant.permission}
        </span>
        <span className="hidden truncate text-12 text-ink-faint phone:block">
          {subjectWords(grant.subject)} · {grant.usedAt === null ? 'never used' : `used ${moment(grant.usedAt)}`}
        </span>
      </span>
      <span className="min-w-0 flex-[2] text-12 phone:hidden">
        <span className="block truncate text-ink-soft" title={subjectWords(grant.subject)}>
          {subjectWords(grant.subject)}
        </span>
        <span className="block truncate text-ink-faint">
          {ORIGIN[grant.origin]}, {date(grant.createdAt)}
        </span>
      </span>
      <span className="w-40 shrink-0 text-right text-12 text-ink-faint narrow:hidden">
        <span className="block" title={grant.usedAt === null ? undefined : fullTime(grant.usedAt)}>
          {grant.usedAt === null ? 'never used' : `used ${moment(grant.usedAt)}`}
        </span>
        {grant.expiresAt === null ? null : <span className="block">until {date(grant.expiresAt)}</span>}
      </span>
      <Button tone="quiet" disabled={grant.origin === 'bundled'} onClick={onRevoke} aria-label={`Revoke: ${title}`}>
        Revoke
      </Button>
    </>
  )
}

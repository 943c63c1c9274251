import { ListFilter } from 'lucide-react'
import { useDeferredValue, useMemo, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { cn } from '../../lib/cn.ts'
import { number } from '../../lib/format.ts'
import { NARROW, useMedia } from '../../lib/media.ts'
import { usePreferences } from '../../lib/preferences.ts'
import { useActions } from '../../lib/actions.tsx'
import { Button } from '../button.tsx'
import { Sheet } from '../dialog.tsx'
import { GLYPH } from '../glyphs.ts'
import { Segmented } from '../segmented.tsx'
import { Splitter } from '../splitter.tsx'
import { Empty } from '../states.tsx'
import { ChangeDetail } from './change-detail.tsx'
import { ChangeList } from './change-list.tsx'
import { groupRows } from './groups.ts'
import { ReviewToolbar } from './review-toolbar.tsx'
import type { ReviewView } from './review-view.ts'
import { commonRoot, filterRows } from './rows.ts'
import type { ChangeState, Row } from './rows.ts'
import type { Excluded } from './selection.ts'
import { treesOf } from './trees.ts'
import { TreesPanel } from './trees-panel.tsx'

export interface ReviewProps {
  rows: readonly Row[]
  mode: 'choose' | 'follow'
  excluded: Excluded
  onExcluded: (next: Excluded) => void
  states: ReadonlyMap<string, ChangeState>
  view: ReviewView
  onView: (view: ReviewView) => void
  follow?: string | null
  /** Something else for the right side, first in its tabs: the live graph while a run goes on. */
  live?: { label: string; content: ReactNode } | undefined
  /** Inside something narrow, whatever the window's width: one column, details in a sheet. */
  compact?: boolean
  /** What is said when there is no change at all. */
  nothing?: { title: string; text: string }
  /** Under both columns: the decision. */
  footer?: ReactNode
}

type Side = 'live' | 'trees' | 'change'
const NOTHING_FOUND = { title: 'There is nothing to change', text: 'The plan looked and found everything in order.' }
const NO_STATES: ReadonlyMap<string, ChangeState> = new Map()

/** Changes at the left, what they amount to at the right: the one view for previews, runs, undos and approvals. */
export function Review({
  rows,
  mode,
  excluded,
  onExcluded,
  states,
  view,
  onView,
  follow = null,
  live,
  compact = false,
  nothing = NOTHING_FOUND,
  footer,
}: ReviewProps) {
  const narrow = useMedia(NARROW) || compact
  const panel = usePreferences((state) => state.panel)
  const setPreferences = usePreferences((state) => state.set)
  // Commands and requests have no before and after: the first one itself is what there is to see.
  const placeless =
    rows.length > 0 && rows.every((row) => row.kind === 'command-run' || row.kind === 'request-send' || row.kind === 'page-act')
  const [openId, setOpenId] = useState<string | null>(placeless ? (rows[0]?.id ?? null) : null)
  const [side, setSide] = useState<Side>(live ? 'live' : placeless ? 'change' : 'trees')
  const [sheet, setSheet] = useState(false)
  const searchBox = useRef<HTMLInputElement>(null)
  const search = useDeferredValue(view.search)
  const later = useDeferredValue(excluded)
  const root = useMemo(() => commonRoot(rows), [rows])
  const shown = useMemo(() => filterRows(rows, { search, clashes: view.clashes }), [rows, search, view.clashes])
  const groups = useMemo(() => groupRows(shown, view.by, root), [shown, view.by, root])
  const trees = useMemo(() => treesOf(rows, later, root), [rows, later, root])
  const openRow = useMemo(() => rows.find((row) => row.id === openId) ?? null, [rows, openId])
  const alone = narrow && placeless && rows.length === 1
  const clashes = useMemo(() => rows.reduce((sum, row) => sum + (row.clash !== null || row.conflict !== null ? 1 : 0), 0), [rows])
  useActions([
    { id: 'review.search', name: 'Search in the changes', group: 'This page', shortcut: '/', perform: () => searchBox.current?.focus() },
    {
      id: 'review.clashes',
      name: view.clashes ? 'Show all changes' : 'Show only clashes',
      group: 'This page',
      icon: GLYPH.clash,
      when: clashes > 0,
      perform: () => onView({ ...view, clashes: !view.clashes }),
    },
  ])
  const open = (id: string): void => {
    setOpenId(id)
    setSide('change')
    if (narrow) setSheet(true)
  }
  const showSide = live && side === 'live' ? 'live' : (side === 'change' || placeless) && openRow ? 'change' : 'trees'
  const content =
    showSide === 'live' && live ? (
      live.content
    ) : showSide === 'change' && openRow ? (
      <ChangeDetail row={openRow} state={states.get(openRow.id) ?? (excluded.has(openRow.id) ? 'unticked' : openRow.state)} />
    ) : (
      <TreesPanel before={trees.before} after={trees.after} />
    )
  const tabs =
    !live && (!openRow || placeless) ? (
      <h2 className="font-semibold">{placeless ? 'Change' : 'Before and after'}</h2>
    ) : (
      <Segmented
        label="What the panel shows"
        value={showSide}
        onChange={setSide}
        options={[
          ...(live ? [{ value: 'live' as const, label: live.label }] : []),
          ...(placeless ? [] : [{ value: 'trees' as const, label: 'Before and after' }]),
          ...(openRow ? [{ value: 'change' as const, label: 'Change' }] : []),
        ]}
      />
    )
  if (rows.length === 0 && !live)
    return (
      <div className="flex h-full min-h-0 flex-col">
        <div className="min-h-0 flex-1">
          <Empty icon={ListFilter} title={nothing.title} quiet>
            {nothing.text}
          </Empty>
        </div>
        {footer}
      </div>
    )
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex min-h-0 flex-1">
        <div className="flex min-w-0 flex-1 flex-col">
          <ReviewToolbar
            rows={rows}
            shown={shown}
            view={view}
            onView={onView}
            mode={mode}
            excluded={excluded}
            onExcluded={onExcluded}
            clashes={clashes}
            searchBox={searchBox}
            onPanel={narrow ? () => (setSide(live ? 'live' : 'trees'), setSheet(true)) : null}
          />
          <div className="min-h-0 flex-1">
            {shown.length === 0 ? (
              <Empty
                icon={ListFilter}
                title={rows.length === 0 ? nothing.title : 'No change matches'}
                quiet
                action={
                  rows.length > 0 ? (
                    <Button onClick={() => onView({ ...view, search: '', clashes: false })}>Show all {number(rows.length)}</Button>
                  ) : undefined
                }
              >
                {rows.length === 0 ? nothing.text : 'Try fewer words, or clear the filter.'}
              </Empty>
            ) : alone && openRow ? (
              <div className="h-full overflow-auto" tabIndex={0} role="group" aria-label="Change">
                <ChangeDetail row={openRow} state={states.get(openRow.id) ?? openRow.state} />
              </div>
            ) : (
              <ChangeList
                key={view.by}
                groups={groups}
                headers={view.by !== 'none'}
                root={root}
                mode={mode}
                excluded={excluded}
                onExcluded={onExcluded}
                states={states ?? NO_STATES}
                openId={narrow ? null : showSide === 'change' ? openId : null}
                onOpen={open}
                follow={follow}
              />
            )}
          </div>
        </div>
        {narrow ? null : (
          <>
            <Splitter value={panel} min={320} max={760} onChange={(value) => setPreferences({ panel: value })} label="Width of the panel" />
            <aside aria-label="Details" style={{ width: panel }} className="flex shrink-0 flex-col bg-surface">
              <div className="flex h-11 shrink-0 items-center border-b border-line px-3">{tabs}</div>
              <div className={cn('min-h-0 flex-1', showSide === 'change' && 'overflow-auto')}>{content}</div>
            </aside>
          </>
        )}
      </div>
      {footer}
      {narrow ? (
        <Sheet
          open={sheet}
          onOpenChange={setSheet}
          title={showSide === 'change' ? 'Change' : showSide === 'live' ? (live?.label ?? '') : 'Before and after'}
        >
          <div className="flex flex-col">
            <div className="px-3 pt-3">{tabs}</div>
            <div className="h-[60dvh] overflow-auto">{content}</div>
          </div>
        </Sheet>
      ) : null}
    </div>
  )
}

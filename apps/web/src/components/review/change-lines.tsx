import { ChevronRight } from 'lucide-react'
import { cn } from '../../lib/cn.ts'
import { bytes, number } from '../../lib/format.ts'
import { Badge } from '../badge.tsx'
import { Check } from '../check.tsx'
import { GLYPH } from '../glyphs.ts'
import { Icon } from '../icon.tsx'
import { Thumbnail } from '../thumbnail.tsx'
import { ChangeRow } from './change-row.tsx'
import type { Group, ListItem } from './groups.ts'
import { pictureOf } from './rows.ts'
import type { ChangeState, Row } from './rows.ts'
import { setTicked, ticksOf } from './selection.ts'
import type { Excluded } from './selection.ts'

interface LineProps {
  item: ListItem
  domId: string
  index: number
  active: boolean
  root: string
  mode: 'choose' | 'follow'
  excluded: Excluded
  onExcluded: (next: Excluded) => void
  states: ReadonlyMap<string, ChangeState>
  openId: string | null
  onTick: (id: string, ticked: boolean, range: boolean) => void
  onOpen: (id: string) => void
  onToggle: (key: string) => void
}

/** One line of the list: a group's header, its pictures, or a change. */
export function ChangeLine({
  item,
  domId,
  index,
  active,
  root,
  mode,
  excluded,
  onExcluded,
  states,
  openId,
  onTick,
  onOpen,
  onToggle,
}: LineProps) {
  if (item.type === 'strip') return <Strip rows={item.rows} excluded={excluded} states={states} onOpen={onOpen} />
  if (item.type === 'group') {
    return (
      <GroupRow
        group={item.group}
        open={item.open}
        domId={domId}
        index={index}
        active={active}
        mode={mode}
        excluded={excluded}
        onExcluded={onExcluded}
        states={states}
        onToggle={onToggle}
      />
    )
  }
  const { row } = item
  const ticked = !excluded.has(row.id)
  return (
    <ChangeRow
      row={row}
      root={root}
      mode={mode}
      ticked={ticked}
      state={states.get(row.id) ?? (ticked ? row.state : 'unticked')}
      active={active}
      open={openId === row.id}
      domId={domId}
      index={index}
      onTick={onTick}
      onOpen={onOpen}
    />
  )
}

function GroupRow({
  group,
  open,
  domId,
  index,
  active,
  mode,
  excluded,
  onExcluded,
  states,
  onToggle,
}: { group: Group; open: boolean } & Pick<
  LineProps,
  'domId' | 'index' | 'active' | 'mode' | 'excluded' | 'onExcluded' | 'states' | 'onToggle'
>) {
  const ticks = ticksOf(group.rows, excluded)
  const done = mode === 'follow' ? group.rows.reduce((sum, row) => sum + ((states.get(row.id) ?? row.state) === 'done' ? 1 : 0), 0) : 0
  return (
    <div
      id={domId}
      role="row"
      aria-level={1}
      aria-rowindex={index + 1}
      aria-expanded={open}
      onClick={(event) => !(event.target instanceof Element && event.target.closest('[role="checkbox"]')) && onToggle(group.key)}
      className={cn(
        'row-height flex cursor-default items-center gap-2 border-b border-line bg-sunken px-2 phone:px-3',
        active && 'bg-hover',
      )}
    >
      <span role="gridcell" className="flex min-w-0 flex-1 items-center gap-2">
        <Icon
          of={ChevronRight}
          size={14}
          className={cn('text-ink-faint transition-transform duration-120 motion-reduce:transition-none', open && 'rotate-90')}
        />
        {mode === 'choose' ? (
          <Check
            checked={ticks === 'all' ? true : ticks === 'none' ? false : 'indeterminate'}
            tabIndex={-1}
            label={`${ticks === 'all' ? 'Leave out' : 'Include'} all of ${group.title}`}
            onChange={() =>
              onExcluded(
                setTicked(
                  excluded,
                  group.rows.map((row) => row.id),
                  ticks !== 'all',
                ),
              )
            }
          />
        ) : null}
        <Icon of={GLYPH.folder} size={14} className="text-ink-faint" />
        <span className="truncate font-semibold">{group.title}</span>
        <span className="mono shrink-0 text-12 text-ink-faint">
          {mode === 'follow' && done < group.rows.length && done > 0
            ? `${number(done)} / ${number(group.rows.length)}`
            : number(group.rows.length)}
        </span>
        {group.clashes > 0 ? (
          <Badge tone="change" icon={GLYPH.warning}>
            {group.clashes}
            <span className="phone:sr-only"> {group.clashes === 1 ? 'clash' : 'clashes'}</span>
          </Badge>
        ) : null}
      </span>
      <span role="gridcell" className="mono shrink-0 pr-2 text-right text-12 text-ink-faint phone:pr-0">
        {group.bytes > 0 ? bytes(group.bytes) : ''}
      </span>
    </div>
  )
}

/** What the pictures of a group look like; unticked ones fade. */
function Strip({
  rows,
  excluded,
  states,
  onOpen,
}: {
  rows: readonly Row[]
  excluded: Excluded
  states: ReadonlyMap<string, ChangeState>
  onOpen: (id: string) => void
}) {
  const shown = rows.slice(0, 24)
  return (
    <div role="row" className="flex h-18 items-center gap-1.5 overflow-hidden border-b border-line/60 pl-9 pr-4 phone:pl-3">
      <div role="gridcell" className="flex min-w-0 items-center gap-1.5">
        {shown.map((row) => (
          <button
            key={row.id}
            type="button"
            tabIndex={-1}
            aria-label={`Show ${row.name}`}
            title={row.name}
            onClick={() => onOpen(row.id)}
            className={cn('shrink-0 rounded-small', excluded.has(row.id) && 'opacity-35')}
          >
            <Thumbnail path={pictureOf(row, states.get(row.id) ?? row.state)} size={128} className="size-14 rounded-control" />
          </button>
        ))}
        {rows.length > shown.length ? (
          <span className="shrink-0 px-2 text-12 text-ink-faint">and {number(rows.length - shown.length)} more</span>
        ) : null}
      </div>
    </div>
  )
}

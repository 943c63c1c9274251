import { ChevronRight } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import { cn } from '../../lib/cn.ts'
import { bytes, folderOf } from '../../lib/format.ts'
import { Badge } from '../badge.tsx'
import { Check } from '../check.tsx'
import { CHANGE_GLYPH, FILE_GLYPH, GLYPH } from '../glyphs.ts'
import { Icon } from '../icon.tsx'
import { FileName } from '../path.tsx'
import { Thumbnail } from '../thumbnail.tsx'
import { ChangeDetail } from './change-detail.tsx'
import { Destination } from './change-row.tsx'
import { commonRoot, pictureOf } from './rows.ts'
import type { Row } from './rows.ts'
import { setTicked } from './selection.ts'
import type { Excluded } from './selection.ts'

/** So many changes are read at a glance: they need no search, no groups and no second pane. */
export const AT_A_GLANCE = 6

/** A few changes as a list as high as they are, each of which opens in place. */
export function CompactReview({
  rows,
  excluded,
  onExcluded,
  footer,
}: {
  rows: readonly Row[]
  excluded: Excluded
  onExcluded: (next: Excluded) => void
  footer: ReactNode
}) {
  const root = useMemo(() => commonRoot(rows), [rows])
  const ordered = useMemo(() => rows.toSorted((a, b) => Number(a.kind === 'folder-make') - Number(b.kind === 'folder-make')), [rows])
  const [opened, setOpened] = useState<ReadonlySet<string>>(() => new Set(rows.length === 1 && needsReading(rows[0]) ? [rows[0].id] : []))
  const toggle = (id: string): void =>
    setOpened((now) => (now.has(id) ? new Set([...now].filter((each) => each !== id)) : new Set([...now, id])))
  return (
    <div className="flex flex-col">
      <ul aria-label="Changes" className="flex flex-col">
        {ordered.map((row) => (
          <Line
            key={row.id}
            row={row}
            root={root}
            ticked={!excluded.has(row.id)}
            open={opened.has(row.id)}
            onTick={(ticked) => onExcluded(setTicked(excluded, [row.id], ticked))}
            onOpen={() => toggle(row.id)}
          />
        ))}
      </ul>
      {footer}
    </div>
  )
}

/** What its line does not say: a text, a command, a request. */
function needsReading(row: Row | undefined): row is Row {
  return row !== undefined && ['file-write', 'command-run', 'request-send', 'page-act'].includes(row.kind)
}

function Line({
  row,
  root,
  ticked,
  open,
  onTick,
  onOpen,
}: {
  row: Row
  root: string
  ticked: boolean
  open: boolean
  onTick: (ticked: boolean) => void
  onOpen: () => void
}) {
  const removed = row.kind === 'file-remove'
  return (
    <li className="border-b border-line/60">
      <div className={cn('flex items-center gap-2 pl-3 pr-1', !ticked && 'text-ink-faint')}>
        <Check checked={ticked} onChange={onTick} label={`${ticked ? 'Leave out' : 'Include'} ${row.name}`} />
        <button
          type="button"
          aria-expanded={open}
          onClick={onOpen}
          className="flex min-h-9 min-w-0 flex-1 items-center gap-2 rounded-control px-1.5 text-left hover:bg-hover phone:min-h-11 phone:py-1.5"
        >
          {row.file === 'picture' && row.from !== null ? (
            <Thumbnail path={pictureOf(row, row.state)} size={48} className="size-5" />
          ) : (
            <Icon
              of={removed ? CHANGE_GLYPH['file-remove'] : FILE_GLYPH[row.file]}
              size={14}
              className={removed ? 'text-remove' : 'text-ink-faint'}
            />
          )}
          <span className="flex min-w-0 flex-1 items-center gap-2 phone:flex-col phone:items-stretch phone:gap-0">
            <FileName
              name={row.name}
              className={cn('flex-[5] phone:flex-none', removed && ticked && 'line-through decoration-remove/50')}
            />
            <Destination row={row} root={row.kind === 'file-remove' ? folderOf(root) : root} left={!ticked} />
          </span>
          <Flags row={row} />
          <span className="mono w-16 shrink-0 text-right text-12 text-ink-faint phone:hidden">{row.bytes > 0 ? bytes(row.bytes) : ''}</span>
          <Icon of={ChevronRight} size={14} className={cn('text-ink-faint transition-transform duration-120', open && 'rotate-90')} />
        </button>
      </div>
      {open ? (
        <div
          className="max-h-96 overflow-auto border-t border-line/60 bg-canvas"
          tabIndex={0}
          role="group"
          aria-label={`Change: ${row.name}`}
        >
          <ChangeDetail row={row} state={ticked ? row.state : 'unticked'} />
        </div>
      ) : null}
    </li>
  )
}

function Flags({ row }: { row: Row }) {
  return (
    <>
      {row.clash !== null || row.conflict !== null ? (
        <Badge tone="change" icon={GLYPH.warning}>
          {row.clash === null ? 'conflict' : 'clash'}
        </Badge>
      ) : null}
      {row.unknown ? <Badge tone="change">known after apply</Badge> : null}
      {row.final ? (
        <Badge tone="final" icon={GLYPH.final}>
          final
        </Badge>
      ) : null}
    </>
  )
}

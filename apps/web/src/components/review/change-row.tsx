import { ArrowRight, Check as Tick, Circle, CircleAlert, Loader, Minus, Undo2 } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { memo } from 'react'
import { cn } from '../../lib/cn.ts'
import { bytes, folderOf, homePath, nameOf } from '../../lib/format.ts'
import { Badge, LabelBadges } from '../badge.tsx'
import { Check } from '../check.tsx'
import { reachWords } from '../command/command-line.ts'
import { CHANGE_GLYPH, FILE_GLYPH, GLYPH } from '../glyphs.ts'
import { Icon } from '../icon.tsx'
import { FileName } from '../path.tsx'
import { Thumbnail } from '../thumbnail.tsx'
import { pictureOf, within } from './rows.ts'
import type { ChangeState, Row } from './rows.ts'

const STATE: Record<ChangeState, { icon: LucideIcon; style: string; word: string }> = {
  proposed: { icon: Circle, style: 'text-ghost', word: 'to do' },
  unticked: { icon: Minus, style: 'text-ghost', word: 'left out' },
  doing: { icon: Loader, style: 'text-accent-text spin', word: 'doing' },
  done: { icon: Tick, style: 'text-add', word: 'done' },
  failed: { icon: CircleAlert, style: 'text-remove', word: 'failed' },
  undone: { icon: Undo2, style: 'text-ink-faint', word: 'undone' },
}

export interface ChangeRowProps {
  row: Row
  root: string
  mode: 'choose' | 'follow'
  ticked: boolean
  state: ChangeState
  active: boolean
  open: boolean
  domId: string
  index: number
  onTick: (id: string, ticked: boolean, range: boolean) => void
  onOpen: (id: string) => void
}

/** One change: what it is, where it comes from, where it goes, and what is special about it. */
export const ChangeRow = memo(function ChangeRow({
  row,
  root,
  mode,
  ticked,
  state,
  active,
  open,
  domId,
  index,
  onTick,
  onOpen,
}: ChangeRowProps) {
  const shown = STATE[state]
  const left = mode === 'choose' ? !ticked : state === 'unticked'
  return (
    <div
      id={domId}
      role="row"
      aria-level={2}
      aria-rowindex={index + 1}
      aria-selected={open}
      onClick={(event) => {
        if (!(event.target instanceof Element && event.target.closest('[role="checkbox"]'))) onOpen(row.id)
      }}
      onClickCapture={(event) => {
        if (!event.shiftKey || mode !== 'choose') return
        event.preventDefault()
        event.stopPropagation()
        onTick(row.id, !ticked, true)
      }}
      className={cn(
        'row-height flex cursor-default items-center gap-2 border-b border-line/60 pl-9 pr-4 phone:pl-3 phone:pr-3',
        open ? 'bg-accent-soft' : active ? 'bg-hover' : 'hover:bg-hover/60',
        left && 'text-ink-faint',
      )}
    >
      <span role="gridcell" className="flex shrink-0">
        {mode === 'choose' ? (
          <Check
            checked={ticked}
            onChange={(value) => onTick(row.id, value, false)}
            label={`${ticked ? 'Leave out' : 'Include'} ${row.name}`}
            tabIndex={-1}
          />
        ) : (
          <span className="flex size-4 items-center justify-center" title={shown.word}>
            <Icon of={shown.icon} size={14} className={shown.style} />
            <span className="sr-only">{shown.word}</span>
          </span>
        )}
      </span>
      <span role="gridcell" className="flex w-5 shrink-0 justify-center">
        {row.file === 'picture' && row.from !== null ? (
          <Thumbnail path={pictureOf(row, state)} size={48} className="size-5" />
        ) : (
          <Icon
            of={row.kind === 'file-remove' ? CHANGE_GLYPH['file-remove'] : FILE_GLYPH[row.file]}
            className={row.kind === 'file-remove' ? 'text-remove' : 'text-ink-faint'}
          />
        )}
      </span>
      <span role="gridcell" className="flex min-w-0 flex-1 items-center gap-2 phone:flex-col phone:items-stretch phone:gap-0">
        <FileName
          name={row.name}
          className={cn('flex-[5] phone:flex-none', row.kind === 'file-remove' && !left && 'line-through decoration-remove/50')}
        />
        <Destination row={row} root={root} left={left} />
      </span>
      <span role="gridcell" className="flex shrink-0 items-center gap-1">
        {row.clash !== null ? (
          <Badge tone="change" icon={GLYPH.warning}>
            clash
          </Badge>
        ) : null}
        {row.conflict !== null ? (
          <Badge tone="change" icon={GLYPH.warning}>
            conflict
          </Badge>
        ) : null}
        {row.unknown ? <Badge tone="change">known after apply</Badge> : null}
        {row.final ? (
          <Badge tone="final" icon={GLYPH.final}>
            final
          </Badge>
        ) : null}
        {row.labels.length > 0 ? <LabelBadges labels={row.labels} /> : null}
      </span>
      <span role="gridcell" className="mono w-14 shrink-0 text-right text-12 text-ink-faint phone:hidden">
        {row.bytes > 0 ? bytes(row.bytes) : ''}
      </span>
    </div>
  )
})

/** Where a change takes its thing, seen from the folder that all of them share. */
export function Destination({ row, root, left }: { row: Row; root: string; left: boolean }) {
  const style = 'mono flex min-w-0 flex-[6] items-center gap-1.5 text-12 phone:flex-none'
  if (left) return <span className={style}>{row.from === null ? 'left out' : 'kept where it is'}</span>
  if (row.kind === 'effect-restore') return <span className={style}>{row.conflict ?? ''}</span>
  if (row.kind === 'request-send')
    return <span className={style}>{row.change.kind === 'request-send' && row.change.body ? 'with a body' : ''}</span>
  if (row.change.kind === 'page-act') return <span className={style}>{row.change.form?.url ?? row.change.url}</span>
  if (row.change.kind === 'command-run')
    return (
      <span className={style}>
        <span className={cn('truncate', row.change.sandboxed ? 'text-ink-faint' : 'font-sans font-medium text-final')}>
          {reachWords(row.change)}
        </span>
      </span>
    )
  if (row.kind === 'file-remove')
    return (
      <span className={style}>
        <Places
          from={within(root, folderOf(row.from ?? '/'))}
          to={row.final ? 'gone for good' : 'Trash'}
          tone={row.final ? 'text-final' : 'text-ink-soft'}
        />
      </span>
    )
  if (row.to === null) return <span className={style} />
  const folder = within(root, folderOf(row.to))
  const renamed = nameOf(row.to) !== row.name
  const samePlace = row.from !== null && folderOf(row.from) === folderOf(row.to)
  const target =
    samePlace && renamed
      ? nameOf(row.to)
      : renamed
        ? `${folder === '.' ? '' : `${folder}/`}${nameOf(row.to)}`
        : folder === '.'
          ? `${homePath(root).split('/').at(-1)}/`
          : `${folder}/`
  if (row.kind === 'file-write' || row.from === null)
    return (
      <span className={style}>
        <span className="truncate text-ink-faint">
          {row.kind === 'folder-make' ? 'new, in' : row.from === null ? 'new, in' : 'rewritten, in'}{' '}
          {folder === '.' ? nameOf(root) || '/' : folder}
        </span>
      </span>
    )
  const from = within(root, folderOf(row.from))
  return (
    <span className={style}>
      <Places
        from={samePlace ? null : from === '.' ? nameOf(root) || '/' : from}
        to={target}
        tone={row.clash === null ? 'text-ink-soft' : 'text-change'}
      />
    </span>
  )
}

function Places({ from, to, tone }: { from: string | null; to: string; tone: string }) {
  return (
    <>
      {from === null ? null : <span className="max-w-[40%] shrink-[3] truncate text-ink-faint desk:@max-[640px]:hidden">{from}</span>}
      <Icon of={ArrowRight} size={12} className="text-ghost" />
      <span className={cn('min-w-0 truncate', tone)} title={to}>
        {to}
      </span>
    </>
  )
}

import { ChevronsUpDown } from 'lucide-react'
import { useMemo, useState } from 'react'
import { cn } from '../../lib/cn.ts'
import { Icon } from '../icon.tsx'
import { parseDiff } from './unified.ts'
import type { DiffLine } from './unified.ts'

const STYLE = { same: '', add: 'bg-add-soft', remove: 'bg-remove-soft' } as const
const SIGN = { same: ' ', add: '+', remove: '−' } as const
const WORD = { same: '', add: 'bg-add-word', remove: 'bg-remove-word' } as const
const LIMIT = 2000

/** A unified diff: line numbers, signs, marked words, folded context. `prose`: long lines wrap instead of running on. */
export function DiffView({ diff, label, prose = false }: { diff: string; label: string; prose?: boolean }) {
  const lines = useMemo(() => parseDiff(diff), [diff])
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  return (
    <div
      role="group"
      aria-label={label}
      tabIndex={0}
      className="mono overflow-auto rounded-card border border-line bg-surface py-1 text-12 leading-[20px]"
    >
      <div data-prose={prose} className={cn('group/diff min-w-full', prose ? '' : 'w-max')}>
        {lines
          .slice(0, LIMIT)
          .map((line, index) =>
            line.type === 'fold' && open.has(line.key) ? (
              line.lines.map((each, at) => <Line key={`${index}.${at}`} line={each} onOpen={() => undefined} />)
            ) : (
              <Line key={index} line={line} onOpen={(key) => setOpen((now) => new Set([...now, key]))} />
            ),
          )}
        {lines.length > LIMIT ? <p className="px-3 py-1 font-sans text-ink-faint">The first {LIMIT} lines are shown.</p> : null}
      </div>
    </div>
  )
}

function Line({ line, onOpen }: { line: DiffLine; onOpen: (key: string) => void }) {
  if (line.type === 'fold') {
    return (
      <button
        type="button"
        onClick={() => onOpen(line.key)}
        className="flex w-full items-center gap-2 border-y border-line bg-sunken px-3 font-sans text-ink-faint hover:text-ink"
      >
        <Icon of={ChevronsUpDown} size={12} />
        {line.lines.length} unchanged lines
      </button>
    )
  }
  if (line.type === 'gap') return <div className="border-y border-line bg-sunken px-3 text-ink-faint">⋯ {line.text}</div>
  return (
    <div className={cn('flex', STYLE[line.type])}>
      <span aria-hidden className="w-10 shrink-0 select-none pr-2 text-right text-ink-faint">
        {line.new ?? line.old}
      </span>
      <span className={cn('w-4 shrink-0 select-none', line.type === 'add' ? 'text-add' : 'text-remove')}>{SIGN[line.type]}</span>
      <span className="min-w-0 whitespace-pre pr-4 group-data-[prose=true]/diff:whitespace-pre-wrap group-data-[prose=true]/diff:wrap-anywhere">
        {line.segments.map((segment, index) =>
          segment.marked ? (
            <mark key={index} className={cn('rounded-small text-ink', WORD[line.type])}>
              {segment.text}
            </mark>
          ) : (
            segment.text
          ),
        )}
      </span>
    </div>
  )
}

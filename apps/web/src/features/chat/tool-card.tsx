import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import type { ToolPart } from './group-parts.ts'
import { InlineApproval } from './inline-approval.tsx'
import { Badge } from '../../components/badge.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Icon } from '../../components/icon.tsx'
import { cn } from '../../lib/cn.ts'
import { duration, homeText, money } from '../../lib/format.ts'

const STATE: Record<ToolPart['state'], { word: string; tone: 'accent' | 'change' | 'add' | 'remove' | 'plain' }> = {
  running: { word: 'Running', tone: 'accent' },
  waiting: { word: 'Waits for you', tone: 'change' },
  uncertain: { word: 'Outcome unknown', tone: 'change' },
  done: { word: 'Done', tone: 'add' },
  failed: { word: 'Failed', tone: 'remove' },
  skipped: { word: 'Skipped', tone: 'plain' },
}

/** A tool call in one line, which opens to what went in and came out; a question about it stands below. */
export function ToolCard({ part }: { part: ToolPart }) {
  const [open, setOpen] = useState(false)
  const state = STATE[part.state]
  return (
    <div className="my-2 overflow-hidden rounded-card border border-line bg-surface">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex min-h-9 w-full items-center gap-2 px-3 py-1.5 text-left hover:bg-hover phone:min-h-11"
      >
        <Icon
          of={part.state === 'running' ? GLYPH.loading : GLYPH.tool}
          size={14}
          className={cn('text-ink-faint', part.state === 'running' && 'spin')}
        />
        <span className="shrink-0 font-medium">{part.title}</span>
        <span className="mono min-w-0 flex-1 truncate text-12 text-ink-faint">{homeText(inputWords(part.input))}</span>
        {part.micros > 0 ? <span className="figures text-12 text-ink-faint">{money(part.micros)}</span> : null}
        {part.time !== null && part.time > 50 ? (
          <span className="figures text-12 text-ink-faint phone:hidden">{duration(part.time)}</span>
        ) : null}
        {part.state === 'done' ? null : <Badge tone={state.tone}>{state.word}</Badge>}
        <Icon of={ChevronRight} size={14} className={cn('text-ink-faint transition-transform duration-120', open && 'rotate-90')} />
      </button>
      {part.error ? (
        <p className="border-t border-line bg-remove-soft px-3 py-2 text-remove">
          <span className={cn('break-words', open ? 'block' : 'line-clamp-3')}>{homeText(part.error.message)}</span>
        </p>
      ) : null}
      {part.approval ? <InlineApproval id={part.approval} /> : null}
      {open ? (
        <div className="grid gap-px border-t border-line bg-line">
          <Side title="Input" value={part.input} />
          {part.output === null || part.output === undefined ? null : <Side title="Output" value={part.output} />}
        </div>
      ) : null}
    </div>
  )
}

function Side({ title, value }: { title: string; value: unknown }) {
  return (
    <div className="bg-surface px-3 py-2">
      <h4 className="eyebrow mb-1">{title}</h4>
      <pre tabIndex={0} aria-label={title} className="mono max-h-72 overflow-auto whitespace-pre-wrap break-words text-12 text-ink-soft">
        {typeof value === 'string' ? value : JSON.stringify(value, null, 2)}
      </pre>
    </div>
  )
}

/** The values of an input in a few words. */
export function inputWords(input: unknown): string {
  if (input === null || typeof input !== 'object') return input === undefined || input === null ? '' : String(input)
  const words = Object.values(input).flatMap((value): string[] => {
    if (typeof value === 'string') return [value.replace(/\s+/g, ' ').slice(0, 120)]
    return typeof value === 'number' ? [String(value)] : Array.isArray(value) ? [`${value.length} items`] : []
  })
  return words.slice(0, 3).join(' · ')
}

import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { GLYPH } from '../../components/glyphs.ts'
import { Icon } from '../../components/icon.tsx'
import { cn } from '../../lib/cn.ts'
import { count, duration, money } from '../../lib/format.ts'
import { ToolCard } from './tool-card.tsx'
import type { ToolPart } from './group-parts.ts'

/** Many calls that are done, in one line which opens to all of them. */
export function ToolGroup({ parts }: { parts: readonly ToolPart[] }) {
  const [open, setOpen] = useState(false)
  const names = [...new Set(parts.map((part) => part.title))]
  const micros = sum(parts.map((part) => part.micros))
  const time = sum(parts.map((part) => part.time ?? 0))
  return (
    <section aria-label={count(parts.length, 'tool call')} className="my-2">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex min-h-9 w-full items-center gap-2 rounded-card border border-line bg-surface px-3 py-1.5 text-left hover:bg-hover phone:min-h-11"
      >
        <Icon of={GLYPH.tool} size={14} className="text-ink-faint" />
        <span className="shrink-0 font-medium">{count(parts.length, 'tool call')}</span>
        <span className="min-w-0 flex-1 truncate text-12 text-ink-faint">{names.join(', ')}</span>
        {micros > 0 ? <span className="figures text-12 text-ink-faint">{money(micros)}</span> : null}
        {time > 50 ? <span className="figures text-12 text-ink-faint phone:hidden">{duration(time)}</span> : null}
        <Icon of={ChevronRight} size={14} className={cn('text-ink-faint transition-transform duration-120', open && 'rotate-90')} />
      </button>
      {open ? (
        <div className="ml-3 border-l border-line pl-3">
          {parts.map((part) => (
            <ToolCard key={part.step} part={part} />
          ))}
        </div>
      ) : null}
    </section>
  )
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)

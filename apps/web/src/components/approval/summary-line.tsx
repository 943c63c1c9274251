import { Fragment } from 'react'
import { cn } from '../../lib/cn.ts'
import { GLYPH } from '../glyphs.ts'
import { Icon } from '../icon.tsx'
import { summaryParts } from '../review/sentence.ts'
import type { SentencePart } from '../review/sentence.ts'
import type { Tally } from '../review/selection.ts'

const TONE: Record<SentencePart['tone'], string> = {
  plain: 'font-semibold text-ink',
  change: 'font-medium text-change',
  final: 'font-medium text-final',
  soft: 'text-ink-soft',
}

/** What will happen, in one sentence that changes with the ticks. */
export function SummaryLine({ tally, undo, className }: { tally: Tally; undo: boolean; className?: string }) {
  return (
    <p aria-live="polite" className={cn('figures flex flex-wrap items-center gap-x-2 text-16 tracking-tight', className)}>
      {summaryParts(tally, undo).map((part, index) => (
        <Fragment key={index}>
          {index > 0 ? (
            <span aria-hidden className="text-ghost">
              ·
            </span>
          ) : null}
          <span className={cn('inline-flex items-center gap-1.5', TONE[part.tone])}>
            {part.tone === 'final' ? <Icon of={GLYPH.final} /> : null}
            {part.text}
          </span>
        </Fragment>
      ))}
    </p>
  )
}

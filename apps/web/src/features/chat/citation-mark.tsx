import type { Citation } from '@life-os/contract'
import { Popover } from 'radix-ui'
import { homePath, number } from '../../lib/format.ts'
import { GLYPH } from '../../components/glyphs.ts'
import { Icon } from '../../components/icon.tsx'

/** Where in its document a passage stands, in words. */
export function placeWords({ page, heading }: Citation): string {
  return [page === null ? null : `page ${page}`, heading].filter((word) => word !== null).join(' · ')
}

/** A source's number in a text; opens the passage it stands for. */
export function CitationMark({ citation }: { citation: Citation }) {
  return (
    <Popover.Root>
      <Popover.Trigger
        aria-label={`Source ${citation.number}: ${citation.document}`}
        className="figures mx-px inline-flex h-4 min-w-4 -translate-y-px items-center justify-center rounded-small bg-accent-soft px-1 align-middle text-12 font-medium leading-tight text-accent-text hover:bg-pressed"
      >
        {citation.number}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          sideOffset={6}
          collisionPadding={8}
          className="panel-in z-50 flex max-h-80 w-[min(440px,calc(100vw-24px))] flex-col rounded-card border border-line bg-raised shadow-float outline-none"
        >
          <Passage citation={citation} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

function Passage({ citation }: { citation: Citation }) {
  return (
    <>
      <header className="flex items-center gap-2 border-b border-line px-3 py-2">
        <Icon of={GLYPH.document} size={14} className="text-ink-faint" />
        <span className="mono min-w-0 flex-1 truncate text-12" title={citation.document}>
          {homePath(citation.document)}
        </span>
        <span className="shrink-0 text-12 text-ink-faint">{placeWords(citation)}</span>
      </header>
      <p tabIndex={0} className="overflow-auto whitespace-pre-wrap break-words p-3 text-ink-soft">
        {citation.text}
      </p>
      <footer className="figures border-t border-line px-3 py-1.5 text-12 text-ink-faint">
        characters {number(citation.start)} to {number(citation.end)} of its text
        {citation.hash ? <span title={`SHA-256 ${citation.hash}`}> · as it was when it was read</span> : null}
      </footer>
    </>
  )
}

/** All sources of an answer, below it. */
export function CitationList({ citations }: { citations: readonly Citation[] }) {
  if (citations.length === 0) return null
  return (
    <ol aria-label="Sources" className="mt-3 flex flex-col gap-0.5 border-t border-line pt-2 text-12">
      {citations.map((citation) => (
        <li key={citation.number} className="flex min-w-0 items-center gap-2">
          <CitationMark citation={citation} />
          <span className="mono min-w-0 truncate text-ink-soft" title={citation.document}>
            {homePath(citation.document)}
          </span>
          <span className="shrink-0 text-ink-faint">{placeWords(citation)}</span>
        </li>
      ))}
    </ol>
  )
}

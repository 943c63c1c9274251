import type { Label, LabelSource } from '@life-os/contract'
import { createContext, useContext } from 'react'
import { homeText } from '../../lib/format.ts'
import { LabelBadges } from '../badge.tsx'

/** Where labels in the shown preview came from; a change's own detail reads it to say why it carries a label. */
export const LabelSources = createContext<readonly LabelSource[]>([])

const FEW = 2
const sourcesOf = (sources: readonly LabelSource[], label: Label): string[] => [
  ...new Set(sources.filter((source) => source.label === label).map((source) => homeText(source.from))),
]

/** One quiet line: why something here is private or untrusted. All of it behind one click. */
export function LabelLine({ sources }: { sources: readonly LabelSource[] }) {
  if (sources.length === 0) return null
  const labels = (['private', 'untrusted'] as const).filter((label) => sources.some((source) => source.label === label))
  return (
    <div className="flex max-h-40 shrink-0 flex-wrap items-start gap-x-4 gap-y-1 overflow-auto border-b border-line bg-surface px-4 py-1.5 text-12 phone:px-3">
      {labels.map((label) => {
        const from = sourcesOf(sources, label)
        const words = from.slice(0, FEW).join(', ')
        return (
          <div key={label} className="flex min-w-0 items-start gap-1.5">
            <LabelBadges labels={[label]} />
            {from.length <= FEW ? (
              <span className="min-w-0 break-all pt-px text-ink-soft">from {words}</span>
            ) : (
              <details className="min-w-0 pt-px">
                <summary className="cursor-pointer text-ink-soft">
                  from {words} and {from.length - FEW} more
                </summary>
                <ul className="mono mt-1 text-ink-faint">
                  {from.map((each) => (
                    <li key={each} className="break-all">
                      {each}
                    </li>
                  ))}
                </ul>
              </details>
            )}
          </div>
        )
      })}
    </div>
  )
}

/** The labels of one change with where they may have come from. */
export function LabelsWithSources({ labels }: { labels: readonly Label[] }) {
  const sources = useContext(LabelSources)
  return (
    <ul className="flex flex-col gap-1">
      {labels.map((label) => {
        const from = sourcesOf(sources, label)
        return (
          <li key={label} className="flex flex-wrap items-center gap-1.5">
            <LabelBadges labels={[label]} />
            {from.length > 0 ? <span className="min-w-0 break-all text-ink-faint">from {from.slice(0, 5).join(', ')}</span> : null}
          </li>
        )
      })}
    </ul>
  )
}

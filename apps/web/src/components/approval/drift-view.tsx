import type { Preview } from '@life-os/contract'
import { cn } from '../../lib/cn.ts'
import { homeText, number } from '../../lib/format.ts'
import { GLYPH } from '../glyphs.ts'
import { Icon } from '../icon.tsx'
import { differences } from './drift.ts'
import type { Difference } from './drift.ts'

const LIMIT = 100

/** What was approved beside what it would be now. */
export function DriftView({ before, now }: { before: Preview; now: Preview }) {
  const found = differences(before, now)
  return (
    <section aria-label="What drifted" className="max-h-72 shrink-0 overflow-auto border-b border-line" tabIndex={0}>
      <h3 className="flex items-center gap-2 bg-change-soft px-4 py-2 font-medium text-change">
        <Icon of={GLYPH.warning} size={14} />
        {number(found.length)} {found.length === 1 ? 'change is' : 'changes are'} no longer what you approved
      </h3>
      <table className="w-full table-fixed border-collapse text-12">
        <thead>
          <tr className="text-left text-ink-faint">
            <th className="px-4 py-1 font-medium">You approved</th>
            <th className="border-l border-line px-4 py-1 font-medium">Now it would be</th>
          </tr>
        </thead>
        <tbody>
          {found.slice(0, LIMIT).map((each) => (
            <tr key={each.id} className="border-t border-line align-top">
              <Side of={each.before} gone="was not there" tone="remove" />
              <Side of={each.now} gone="nothing any more" tone="add" />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Side({ of, gone, tone }: { of: Difference['now']; gone: string; tone: 'add' | 'remove' }) {
  return (
    <td
      className={cn(
        'mono break-all border-line px-4 py-1.5',
        tone === 'add' ? 'border-l bg-add-soft/60' : 'bg-remove-soft/60',
        of === null && 'text-ink-faint',
      )}
    >
      {of === null ? gone : homeText(of.change.summary)}
    </td>
  )
}

import { ChevronDown } from 'lucide-react'
import { number } from '../../lib/format.ts'
import { Button } from '../button.tsx'
import { Check } from '../check.tsx'
import { SearchInput } from '../field.tsx'
import { ChoiceMenu } from '../menu.tsx'
import type { Grouping } from './groups.ts'
import type { ReviewView } from './review-view.ts'
import type { Row } from './rows.ts'
import { setTicked, ticksOf } from './selection.ts'
import type { Excluded } from './selection.ts'

const GROUPING_WORDS: readonly { value: Grouping; label: string }[] = [
  { value: 'folder', label: 'By folder' },
  { value: 'change', label: 'By kind of change' },
  { value: 'type', label: 'By kind of file' },
  { value: 'none', label: 'In order' },
]

/** Above the changes: what is shown of them, in which groups, and how many are ticked. */
export function ReviewToolbar({
  rows,
  shown,
  view,
  onView,
  mode,
  excluded,
  onExcluded,
  clashes,
  searchBox,
  onPanel,
}: {
  rows: readonly Row[]
  shown: readonly Row[]
  clashes: number
  searchBox: React.RefObject<HTMLInputElement | null>
  onPanel: (() => void) | null
  view: ReviewView
  onView: (view: ReviewView) => void
  mode: 'choose' | 'follow'
  excluded: Excluded
  onExcluded: (next: Excluded) => void
}) {
  const ticks = ticksOf(shown, excluded)
  const filtered = shown.length !== rows.length
  return (
    <div className="flex min-h-11 shrink-0 flex-wrap items-center gap-2 border-b border-line bg-surface px-4 py-1.5 phone:gap-1.5 phone:px-3">
      <SearchInput
        ref={searchBox}
        value={view.search}
        onChange={(search) => onView({ ...view, search })}
        label="Search changes"
        className="w-52 phone:w-auto phone:min-w-40 phone:flex-1"
      />
      <ChoiceMenu
        value={view.by}
        options={GROUPING_WORDS}
        onChange={(by) => onView({ ...view, by })}
        label="Group"
        trigger={
          <Button>
            {GROUPING_WORDS.find((each) => each.value === view.by)?.label}
            <ChevronDown aria-hidden size={14} className="text-ink-faint" />
          </Button>
        }
      />
      {clashes > 0 ? (
        <Button
          aria-pressed={view.clashes}
          onClick={() => onView({ ...view, clashes: !view.clashes })}
          className={view.clashes ? 'border-transparent bg-change-soft text-change' : ''}
        >
          Only clashes<span className="mono text-12 opacity-80">{clashes}</span>
        </Button>
      ) : null}
      {onPanel ? <Button onClick={onPanel}>Details</Button> : null}
      <div className="ml-auto flex h-9 items-center gap-2 desk:h-auto">
        {mode === 'choose' ? (
          <label className="flex items-center gap-2 text-ink-soft">
            <Check
              checked={ticks === 'all' ? true : ticks === 'none' ? false : 'indeterminate'}
              label={filtered ? 'Include all that match' : 'Include all changes'}
              onChange={() =>
                onExcluded(
                  setTicked(
                    excluded,
                    shown.map((row) => row.id),
                    ticks !== 'all',
                  ),
                )
              }
            />
            <span className="figures">
              <b className="font-semibold text-ink">{number(rows.length - excluded.size)}</b> of {number(rows.length)}
            </span>
          </label>
        ) : filtered ? (
          <span className="figures text-ink-faint">
            {number(shown.length)} of {number(rows.length)}
          </span>
        ) : null}
      </div>
    </div>
  )
}

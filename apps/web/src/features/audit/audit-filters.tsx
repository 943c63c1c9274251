import type { AuditRecord, Verdict } from '@life-os/contract'
import { X } from 'lucide-react'
import type { Ref } from 'react'
import { Button } from '../../components/button.tsx'
import { SearchInput, TextInput } from '../../components/field.tsx'
import { FilterMenu } from '../../components/filter-menu.tsx'
import { Icon } from '../../components/icon.tsx'
import { VERDICTS } from '../../components/verdict.tsx'
import { KINDS, RANGES } from './audit-words.ts'
import type { AuditSearch, Range } from './audit-words.ts'

interface FiltersProps {
  search: AuditSearch
  set: (change: AuditSearch) => void
  box: Ref<HTMLInputElement>
  /** How a person's id is called. */
  nameOf: (actor: string) => string
}

const RANGE_OPTIONS = [...RANGES.map(({ value, label }) => ({ value, label })), { value: 'days' as const, label: 'Days …' }]

/** What the list is cut down to. Everything stands in the address. */
export function AuditFilters({ search, set, box, nameOf }: FiltersProps) {
  const days = search.from !== undefined || search.until !== undefined
  return (
    <>
      <SearchInput ref={box} value={search.q ?? ''} onChange={(q) => set({ q })} label="Search the record" className="w-60 phone:w-full" />
      <FilterMenu<AuditRecord['kind']>
        label="Kind"
        all="Everything"
        value={KINDS.find((each) => each.value === search.kind)?.value}
        options={KINDS}
        onChange={(kind) => set({ kind: kind ?? '' })}
      />
      <FilterMenu<Verdict>
        label="Decision"
        all="Any decision"
        value={VERDICTS.find((each) => each.value === search.verdict)?.value}
        options={VERDICTS}
        onChange={(verdict) => set({ verdict: verdict ?? '' })}
      />
      <FilterMenu<Range | 'days'>
        label="When"
        all="Any time"
        value={days ? 'days' : RANGES.find((each) => each.value === search.range)?.value}
        options={RANGE_OPTIONS}
        onChange={(next) =>
          set(
            next === 'days' ? { range: '', from: dayOf(Date.now()), until: dayOf(Date.now()) } : { range: next ?? '', from: '', until: '' },
          )
        }
      />
      {days ? (
        <span className="flex items-center gap-1">
          <TextInput
            type="date"
            aria-label="From"
            value={search.from ?? ''}
            onChange={(event) => set({ from: event.target.value })}
            className="h-7! w-34 phone:h-9!"
          />
          <span className="text-ink-faint">to</span>
          <TextInput
            type="date"
            aria-label="Until"
            value={search.until ?? ''}
            onChange={(event) => set({ until: event.target.value })}
            className="h-7! w-34 phone:h-9!"
          />
        </span>
      ) : null}
      {search.actor ? <Chip onRemove={() => set({ actor: '' })}>by {nameOf(search.actor)}</Chip> : null}
      {search.tool ? <Chip onRemove={() => set({ tool: '' })}>{search.tool}</Chip> : null}
      {search.rule ? <Chip onRemove={() => set({ rule: '' })}>rule {search.rule}</Chip> : null}
      {search.run ? <Chip onRemove={() => set({ run: '' })}>run {search.run.slice(-8)}</Chip> : null}
    </>
  )
}

/** A day as a date field writes it. */
const dayOf = (at: number): string => {
  const when = new Date(at)
  return `${when.getFullYear()}-${String(when.getMonth() + 1).padStart(2, '0')}-${String(when.getDate()).padStart(2, '0')}`
}

function Chip({ children, onRemove }: { children: React.ReactNode; onRemove: () => void }) {
  return (
    <Button onClick={onRemove} className="border-transparent bg-accent-soft text-accent-text">
      <span className="sr-only">No longer only </span>
      {children}
      <Icon of={X} size={12} />
    </Button>
  )
}

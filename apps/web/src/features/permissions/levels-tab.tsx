import type { DomainLevel, Level } from '@life-os/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Badge } from '../../components/badge.tsx'
import { Confirm } from '../../components/dialog.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Card } from '../../components/page.tsx'
import { Segmented } from '../../components/segmented.tsx'
import { Empty, Failure, SkeletonRows } from '../../components/states.tsx'
import { api, client, requestError } from '../../lib/api.ts'
import { count } from '../../lib/format.ts'
import { DOMAINS, LEVELS, isGrave, subjectWords } from './level-words.ts'

/** One level for each kind of thing. A level writes decisions; a decision of its own beside it is narrower and counts more. */
export function LevelsTab() {
  const queries = useQueryClient()
  const levels = useQuery(api.grants.levels.queryOptions())
  const [asked, setAsked] = useState<{ row: DomainLevel; level: Level } | null>(null)
  const set = useMutation({
    mutationFn: ({ row, level }: { row: DomainLevel; level: Level }) =>
      client.grants.setLevel({ domain: row.domain, subject: row.subject, level }),
    onMutate: ({ row, level }) =>
      queries.setQueryData(api.grants.levels.queryKey(), (now: DomainLevel[] | undefined) =>
        now?.map((each) => (keyOf(each) === keyOf(row) ? { ...each, level } : each)),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: api.grants.key() }),
  })
  const choose = (row: DomainLevel, level: Level): void =>
    isGrave(row.domain, level) ? setAsked({ row, level }) : set.mutate({ row, level })
  if (levels.isPending) return <SkeletonRows rows={8} label="Loading the levels" />
  if (levels.error) return <Failure error={requestError(levels.error)} onRetry={() => void levels.refetch()} />
  if (levels.data.length === 0)
    return (
      <Empty icon={GLYPH.permission} title="No levels" quiet>
        Nothing can be set here.
      </Empty>
    )
  return (
    <div className="h-full overflow-auto" tabIndex={0} role="group" aria-label="Levels">
      <div className="mx-auto flex max-w-[960px] flex-col gap-3 px-8 pb-16 pt-6 phone:px-3 phone:pt-4">
        <p className="max-w-[640px] text-ink-soft">
          How far things go without you. Every change still shows before it happens, is undone where it can be, and is written down. A final
          effect always asks.
        </p>
        <Card>
          {levels.data.map((row) => (
            <LevelRow key={keyOf(row)} row={row} onChoose={(level) => choose(row, level)} />
          ))}
        </Card>
      </div>
      <Confirm
        open={asked !== null}
        onOpenChange={(open) => open || setAsked(null)}
        final
        title={asked ? `${DOMAINS[asked.row.domain].name}: all?` : ''}
        message={
          asked ? `${DOMAINS[asked.row.domain].levels[asked.level]} You will see it afterwards, in the run and in the audit record.` : ''
        }
        confirm="Allow all"
        busy={set.isPending}
        onConfirm={() => {
          if (asked) set.mutate(asked)
          setAsked(null)
        }}
      />
    </div>
  )
}
const keyOf = (row: DomainLevel): string => `${row.domain}:${row.subject.kind}:${row.subject.id}`

function LevelRow({ row, onChoose }: { row: DomainLevel; onChoose: (level: Level) => void }) {
  const domain = DOMAINS[row.domain]
  const unset = row.level === 'custom' && row.grants.length === 0
  const custom = row.level === 'custom' && !unset
  return (
    <div className="grid grid-cols-[1fr_auto] items-center gap-x-6 gap-y-1 border-b border-line px-4 py-3 last:border-b-0 narrow:grid-cols-1 phone:px-3">
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium">{domain.name}</span>
          {custom ? <Badge tone="change">custom</Badge> : null}
          <span className="text-12 text-ink-faint phone:hidden">
            {row.subject.kind === 'any' ? domain.about : subjectWords(row.subject)}
          </span>
        </p>
        <p className="text-ink-soft" aria-live="polite">
          {unset
            ? 'Not set: what nobody has decided is put to you.'
            : row.level === 'custom'
              ? 'Decisions of your own are mixed in; no level says it all.'
              : domain.levels[row.level]}{' '}
          {row.grants.length > 0 ? (
            <Link
              to="/permissions"
              search={{ tab: 'grants' }}
              className="text-12 text-ink-faint underline-offset-2 hover:text-ink hover:underline"
            >
              {count(row.grants.length, 'decision')}
            </Link>
          ) : null}
        </p>
      </div>
      <Segmented<string>
        label={`${domain.name} ${subjectWords(row.subject)}`}
        value={row.level}
        onChange={(next) => {
          const level = LEVELS.find((each) => each === next)
          if (level) onChoose(level)
        }}
        options={LEVELS.map((level) => ({ value: level, label: level, hint: domain.levels[level] }))}
        className="narrow:w-full narrow:*:flex-1 narrow:*:justify-center phone:*:px-1"
      />
    </div>
  )
}

import type { Run } from '@life-os/contract'
import { Link } from '@tanstack/react-router'
import { cn } from '../../lib/cn.ts'
import { duration, homePath, homeText, moment, money, number } from '../../lib/format.ts'
import { StateBadge } from '../badge.tsx'
import { GLYPH } from '../glyphs.ts'
import { Icon } from '../icon.tsx'
import { Meter } from '../meter.tsx'
import { nameOfRun, outcomeOf, placeOf } from './outcome.ts'

/** A finished run in one line: what it was, where, what came of it. */
export function RunLine({ run }: { run: Run }) {
  const place = placeOf(run)
  return (
    <Link
      to="/runs/$run"
      params={{ run: run.id }}
      className="flex min-h-10 items-center gap-3 border-b border-line px-4 py-1.5 last:border-b-0 hover:bg-hover/60 phone:min-h-14 phone:px-3"
    >
      <span className="w-22 shrink-0 phone:w-auto">
        <StateBadge state={run.state} />
      </span>
      <span className="flex min-w-0 flex-1 items-baseline gap-2 phone:flex-col phone:gap-0">
        <span className="shrink-0 truncate font-medium phone:w-full">{nameOfRun(run)}</span>
        <span className="min-w-0 truncate text-ink-faint phone:w-full">
          {place ? (
            <span className="phone:hidden">
              <span className="mono text-12">{homePath(place)}</span> ·{' '}
            </span>
          ) : null}
          {outcomeOf(run)}
        </span>
      </span>
      {run.undo.undoneBy ? <Icon of={GLYPH.undo} size={14} className="text-ink-faint" /> : null}
      <span className="figures w-14 shrink-0 text-right text-12 text-ink-faint phone:hidden">
        {run.cost.micros > 0 ? money(run.cost.micros) : ''}
      </span>
      <span className="figures w-16 shrink-0 text-right text-12 text-ink-faint phone:hidden">
        {run.startedAt !== null && run.finishedAt !== null ? duration(run.finishedAt - run.startedAt) : ''}
      </span>
      <span className="figures w-24 shrink-0 text-right text-12 text-ink-faint phone:w-auto">
        {moment(run.finishedAt ?? run.createdAt)}
      </span>
    </Link>
  )
}

/** A run that goes on: how far it is, and what it touches. */
export function RunCard({ run, className }: { run: Run; className?: string }) {
  const { steps, of, now, effects } = run.progress
  const total = run.totals?.changes ?? of
  const done = run.totals ? effects : steps
  const place = placeOf(run)
  return (
    <Link
      to="/runs/$run"
      params={{ run: run.id }}
      className={cn('flex flex-col gap-2 rounded-card border border-line bg-surface p-3 hover:border-line-strong', className)}
    >
      <span className="flex items-center gap-2">
        <span className="font-semibold">{nameOfRun(run)}</span>
        {place ? <span className="mono min-w-0 truncate text-12 text-ink-faint">{homePath(place)}</span> : null}
        <span className="figures ml-auto shrink-0 text-ink-soft">{total ? `${number(done)} of ${number(total)}` : number(done)}</span>
        <StateBadge state={run.state} />
      </span>
      <Meter value={total ? done / total : null} label={`Progress of ${run.plan.name}`} />
      {now ? <span className="mono truncate text-12 text-ink-faint">{homeText(now)}</span> : null}
    </Link>
  )
}

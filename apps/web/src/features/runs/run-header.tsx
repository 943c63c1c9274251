import type { Run } from '@life-os/contract'
import { Ellipsis } from 'lucide-react'
import type { ReactNode } from 'react'
import { LabelBadges, ModeBadge, StateBadge } from '../../components/badge.tsx'
import { ActionButton, IconButton } from '../../components/button.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Icon } from '../../components/icon.tsx'
import { ActionMenu } from '../../components/menu.tsx'
import { nameOfRun, placeOf } from '../../components/runs/outcome.ts'
import { fullTime, homePath, moment, money } from '../../lib/format.ts'
import type { RunActions } from './run-actions.ts'

/** What runs, where, in which state, at what cost; the buttons that make sense now; and below it the one sentence. */
export function RunHeader({ run, actions, children }: { run: Run; actions: RunActions; children: ReactNode }) {
  const place = placeOf(run)
  const first = [actions.pause, actions.resume, actions.cancel].filter(
    (action) => action.when !== false && !(run.state === 'waiting' && action.id === 'run.cancel'),
  )
  const rest = [actions.undoAlone, actions.redo, actions.anotherWay, actions.edit, actions.copyId].filter((action) => action.when !== false)
  return (
    <header className="flex shrink-0 flex-col gap-1.5 bg-surface px-4 pb-1 pt-3 phone:px-3">
      <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
        <h1 className="flex min-w-0 items-center gap-1.5 font-semibold phone:sr-only">
          {run.kind === 'undo' ? <Icon of={GLYPH.undo} className="text-ink-faint" /> : null}
          <span className="truncate">{nameOfRun(run)}</span>
        </h1>
        {place ? (
          <span className="mono min-w-0 truncate text-12 text-ink-faint phone:flex-1" title={place}>
            {homePath(place)}
          </span>
        ) : null}
        <StateBadge state={run.state} />
        {run.mode === 'draft' ? null : <ModeBadge mode={run.mode} />}
        <LabelBadges labels={run.labels} />
        <span className="figures ml-auto text-12 text-ink-faint phone:hidden" title={fullTime(run.createdAt)}>
          {run.by.name ?? run.by.kind} · {moment(run.createdAt)} · {money(run.cost.micros)}
        </span>
        <span className="flex items-center gap-1.5 phone:ml-auto">
          {first.map((action) => (
            <ActionButton key={action.id} action={action} />
          ))}
          {rest.length > 0 ? <ActionMenu items={rest} trigger={<IconButton icon={Ellipsis} label="More" />} /> : null}
        </span>
      </div>
      {children}
    </header>
  )
}

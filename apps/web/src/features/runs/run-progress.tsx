import type { Run } from '@life-os/contract'
import { Check as Tick, CircleAlert } from 'lucide-react'
import { ActionButton } from '../../components/button.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Icon } from '../../components/icon.tsx'
import { Meter } from '../../components/meter.tsx'
import { AllowMore } from '../../components/runs/allow-more.tsx'
import { doneSentence } from '../../components/review/sentence.ts'
import type { Tally } from '../../components/review/selection.ts'
import { count, date, homeText, number } from '../../lib/format.ts'
import type { LiveRun } from '../../lib/live-run.ts'
import { rateOf, timeLeft, timeLeftWords } from '../../lib/rate.ts'
import type { Sample } from '../../lib/rate.ts'
import type { RunActions } from './run-actions.ts'

/** While it is previewed: what is looked at, and that nothing is touched. */
export function LookingBand({ run, live }: { run: Run; live: LiveRun }) {
  const at = homeText(live.note ?? run.progress.now ?? '')
  return (
    <div className="flex flex-col gap-2 pb-2" role="status">
      <p className="flex flex-wrap items-baseline gap-x-2 text-16 tracking-tight">
        <span className="font-semibold">Looking at what would change</span>
        <span className="text-ink-soft">Nothing is touched. You can leave this page; the question will wait in the inbox.</span>
        {at ? <span className="mono ml-auto min-w-0 truncate text-12 text-ink-faint">{at}</span> : null}
      </p>
      <Meter value={null} label="Previewing" />
    </div>
  )
}

/** While it runs: how many of how many, how fast, how long still, and what is touched now. */
export function RunningBand({ run, live, samples, total }: { run: Run; live: LiveRun; samples: readonly Sample[]; total: number }) {
  const done = Math.max(live.done, run.progress.effects)
  const rate = rateOf(samples)
  const paused = run.state === 'paused'
  const touching = homeText(live.now ?? run.progress.now ?? live.note ?? '')
  return (
    <div className="flex flex-col gap-2 pb-2" aria-live="off">
      <p className="figures flex flex-wrap items-baseline gap-x-2 text-16 tracking-tight">
        <span className="font-semibold">
          {number(done)} of {number(total)}
        </span>
        <span className="text-ink-soft">
          {paused ? 'paused; nothing is held' : run.state === 'queued' ? 'waits for its turn' : timeLeftWords(timeLeft(total - done, rate))}
        </span>
        {rate !== null && !paused ? (
          <span className="text-13 text-ink-faint">{rate >= 10 ? number(rate) : rate.toFixed(1)} per second</span>
        ) : null}
        {touching && !paused ? (
          <span className="mono min-w-0 flex-1 truncate text-right text-12 text-ink-faint phone:w-full phone:flex-none phone:text-left">
            {touching}
          </span>
        ) : null}
      </p>
      <Meter value={total > 0 ? done / total : null} label="Progress of the run" />
    </div>
  )
}

const plansIn = (runs: number): string => (runs === 1 ? 'the plan that it started' : `${runs} plans that it started`)

/** When it is done: one sentence with Undo beside it, and until when. */
export function DoneBand({ run, tally, actions, busy }: { run: Run; tally: Tally; actions: RunActions; busy: boolean }) {
  const took = run.startedAt !== null && run.finishedAt !== null ? run.finishedAt - run.startedAt : null
  const undone = run.undo.undoneBy !== null
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 pb-2 pt-0.5">
      <p className="flex items-center gap-2.5 text-20 font-semibold tracking-tight">
        <span className="flex size-6 shrink-0 items-center justify-center rounded-full bg-add-soft text-add">
          <Icon of={Tick} />
        </span>
        {doneSentence(tally, took, run.kind === 'undo')}
      </p>
      {actions.undo.when ? (
        <ActionButton action={actions.undo} large busy={busy} />
      ) : undone ? (
        <ActionButton action={actions.redo} />
      ) : null}
      <p className="text-ink-faint">
        {undone
          ? 'This was undone.'
          : actions.undo.when && run.undo.until !== null
            ? `can be ${run.kind === 'undo' ? 'redone' : 'undone'} until ${date(run.undo.until)}`
            : run.undo.effects === 0
              ? ''
              : 'can no longer be undone'}
        {!undone && run.undo.children ? ` · with ${count(run.undo.children.effects, 'change')} of ${plansIn(run.undo.children.runs)}` : ''}
        {run.undo.final > 0 ? `${undone ? ' ' : ' · '}${count(run.undo.final, 'final change')} stay${run.undo.final === 1 ? 's' : ''}` : ''}
      </p>
    </div>
  )
}

/** When it failed: what failed, in its own words, what was already done, and what makes sense now. */
export function FailedBand({
  run,
  live,
  done,
  actions,
  busy,
}: {
  run: Run
  live: LiveRun
  done: number
  actions: RunActions
  busy: string | null
}) {
  const error = run.error ?? live.error?.error ?? null
  const path = run.errorPath ?? live.error?.path ?? null
  const word = run.state === 'failed' ? 'Failed' : run.state === 'stopped' ? 'Stopped' : 'Cancelled'
  return (
    <div className="flex flex-col gap-2 pb-2 pt-0.5">
      <div role="alert" className="flex items-start gap-2.5">
        <span
          className={`mt-0.5 flex size-6 shrink-0 items-center justify-center rounded-full ${run.state === 'cancelled' ? 'bg-hover text-ink-faint' : 'bg-remove-soft text-remove'}`}
        >
          <Icon of={run.state === 'failed' ? CircleAlert : GLYPH.stop} />
        </span>
        <div className="min-w-0">
          <p className="text-16 font-semibold tracking-tight">
            {error ? error.message : run.state === 'cancelled' ? 'You cancelled this run' : 'The emergency stop ended this run'}
          </p>
          <p className="text-ink-faint">
            {word}
            {path ? (
              <>
                {' '}
                at <span className="mono text-12">{path}</span>
              </>
            ) : null}
            {error ? (
              <>
                {' '}
                · <span className="mono text-12">{error.code}</span>
              </>
            ) : null}{' '}
            · {done > 0 ? `${count(done, 'change')} had been made and can be undone` : 'nothing had been changed'}
          </p>
        </div>
      </div>
      <div className="max-w-xl pl-8.5 empty:hidden phone:pl-0">
        <AllowMore run={run} />
      </div>
      <div className="flex flex-wrap gap-2 pl-8.5 phone:pl-0">
        {actions.retry.when ? <ActionButton action={actions.retry} tone="accent" busy={busy === 'retry'} /> : null}
        {actions.undo.when ? <ActionButton action={actions.undo} busy={busy === 'undo'} /> : null}
        {actions.redo.when ? <ActionButton action={actions.redo} /> : null}
        {actions.anotherWay.when ? <ActionButton action={actions.anotherWay} /> : null}
        {actions.edit.when ? <ActionButton action={{ ...actions.edit, name: 'Edit inputs' }} /> : null}
      </div>
    </div>
  )
}

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api } from '../lib/api.ts'
import { cn } from '../lib/cn.ts'
import { midnight, money } from '../lib/format.ts'
import { recentRuns } from '../lib/queries.ts'

/** One quiet line at the bottom: what runs, what waits, how Life-OS is, what today cost. */
export function StatusLine({ connected }: { connected: boolean }) {
  const health = useQuery({ ...api.system.health.queryOptions(), refetchInterval: 30_000 })
  const runs = useQuery(recentRuns())
  const since = midnight()
  const spent = runs.data?.items.reduce((sum, run) => sum + (run.createdAt >= since ? run.cost.micros : 0), 0) ?? 0
  const state = health.data
  const unwell = state?.checks.filter((check) => !check.ok) ?? []
  const well = connected && state?.status === 'ready' && unwell.length === 0
  return (
    <footer
      aria-label="Status"
      className="figures flex h-7 shrink-0 items-center gap-2 border-t border-line bg-canvas px-4 text-12 text-ink-faint"
    >
      <span aria-hidden className={cn('size-1.5 rounded-full', well ? 'bg-add' : 'bg-change')} />
      <span>
        {!connected
          ? 'not connected'
          : state === undefined
            ? 'connecting'
            : unwell.length > 0
              ? unwell[0]?.message
              : state.emergencyStop
                ? 'stopped'
                : 'all well'}
      </span>
      {state ? (
        <>
          <Dot />
          <Link to="/runs" search={{ state: 'running' }} className="hover:text-ink">
            {state.running} running
          </Link>
          <Dot />
          <Link to="/inbox" className={cn('hover:text-ink', state.waiting > 0 && 'font-medium text-change')}>
            {state.waiting} waiting
          </Link>
          <Dot />
          <span>{state.store === 'sqlite' ? 'SQLite' : 'PostgreSQL'}</span>
          <span className="ml-auto">{money(spent)} today</span>
          <Dot />
          <span className="mono">{state.version}</span>
        </>
      ) : null}
    </footer>
  )
}
const Dot = () => (
  <span aria-hidden className="text-ghost">
    ·
  </span>
)

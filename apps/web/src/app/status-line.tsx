import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api } from '../lib/api.ts'
import { cn } from '../lib/cn.ts'
import { CostToday, ModelsStatus } from './models-status.tsx'

/** One quiet line at the bottom: what runs, what waits, how Life-OS is, what today cost. */
export function StatusLine({ connected }: { connected: boolean }) {
  const health = useQuery({ ...api.system.health.queryOptions(), refetchInterval: 30_000 })
  const state = health.data
  // Models have words and a link of their own.
  const unwell = state?.checks.filter((check) => !check.ok && check.name !== 'Models') ?? []
  const well = connected && state?.status === 'ready' && unwell.length === 0
  return (
    <footer
      aria-label="Status"
      className="figures flex h-7 shrink-0 items-center gap-2 border-t border-line bg-canvas px-4 text-12 text-ink-faint"
    >
      <span aria-hidden className={cn('size-1.5 rounded-full', well ? 'bg-add' : 'bg-change')} />
      <span className="min-w-0 truncate">
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
          <Link to="/runs" search={{ state: 'running' }} className="shrink-0 hover:text-ink">
            {state.running} running
          </Link>
          <Dot />
          <Link to="/inbox" className={cn('shrink-0 hover:text-ink', state.waiting > 0 && 'font-medium text-change')}>
            {state.waiting} waiting
          </Link>
          <Dot />
          <ModelsStatus />
          <Dot />
          <CostToday />
          <span className="ml-auto">{state.store === 'sqlite' ? 'SQLite' : 'PostgreSQL'}</span>
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

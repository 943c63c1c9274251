import type { LucideIcon } from 'lucide-react'
import { CircleAlert, RotateCw, WifiOff } from 'lucide-react'
import type { ReactNode } from 'react'
import type { RequestError } from '../lib/api.ts'
import { cn } from '../lib/cn.ts'
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'

/** A page or panel with nothing in it: what would be here, and the way to it. */
export function Empty({
  icon,
  title,
  children,
  action,
  quiet = false,
}: {
  icon: LucideIcon
  title: string
  children?: ReactNode
  action?: ReactNode
  quiet?: boolean
}) {
  return (
    <div className={cn('flex flex-col items-center justify-center gap-1 px-6 text-center', quiet ? 'py-10' : 'py-24')}>
      <span className="mb-2 flex size-10 items-center justify-center rounded-card border border-line bg-surface text-ink-faint">
        <Icon of={icon} size={20} />
      </span>
      <h2 className="text-14 font-semibold">{title}</h2>
      {children ? <p className="max-w-96 text-ink-faint">{children}</p> : null}
      {action ? <div className="mt-4 flex gap-2">{action}</div> : null}
    </div>
  )
}

/** What happened, what is safe, what to do. */
export function Failure({
  error,
  safe = 'Nothing was changed by this.',
  onRetry,
  quiet = false,
}: {
  error: RequestError
  safe?: string
  onRetry?: () => void
  quiet?: boolean
}) {
  const offline = error.status === 0
  return (
    <div role="alert" className={cn('flex flex-col items-center gap-1 px-6 text-center', quiet ? 'py-8' : 'py-24')}>
      <span className="mb-2 flex size-10 items-center justify-center rounded-card bg-remove-soft text-remove">
        <Icon of={offline ? WifiOff : CircleAlert} size={20} />
      </span>
      <h2 className="text-14 font-semibold">
        {offline ? 'Life-OS does not answer' : error.status === 404 ? 'There is no such thing here' : 'That did not work'}
      </h2>
      <p className="max-w-lg text-ink-soft">{error.message}</p>
      <p className="max-w-lg text-ink-faint">{offline ? 'Runs go on by themselves when it is up again; nothing is lost.' : safe}</p>
      <p className="mono mt-1 text-12 text-ink-faint">
        {error.code}
        {error.requestId ? ` · ${error.requestId}` : ''}
      </p>
      {onRetry ? (
        <div className="mt-3">
          <Button icon={RotateCw} onClick={onRetry}>
            Try again
          </Button>
        </div>
      ) : null}
    </div>
  )
}

const BAR_WIDTHS = ['w-48', 'w-64', 'w-40', 'w-56', 'w-52', 'w-72', 'w-44', 'w-60']

/** Rows to come, as wide and high as rows. */
export function SkeletonRows({ rows = 8, label }: { rows?: number; label: string }) {
  return (
    <div role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="row-height flex items-center gap-3 border-b border-line px-4">
          <span className="skeleton size-4" />
          <span className={cn('skeleton h-3 max-w-[40%]', BAR_WIDTHS[index % BAR_WIDTHS.length])} />
          <span className="skeleton ml-auto h-3 w-16" />
        </div>
      ))}
    </div>
  )
}
export function SkeletonBlock({ className }: { className: string }) {
  return <span aria-hidden className={cn('skeleton block', className)} />
}

import { cn } from '../lib/cn.ts'

/** How far something is; null while it cannot be told. */
export function Meter({
  value,
  label,
  className,
  tone = 'accent',
}: {
  value: number | null
  label: string
  className?: string
  tone?: 'accent' | 'add' | 'remove'
}) {
  const share = value === null ? null : Math.max(0, Math.min(1, value))
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(share !== null && { 'aria-valuenow': Math.round(share * 100) })}
      className={cn('h-1 overflow-hidden rounded-full bg-pressed', className)}
    >
      <div
        className={cn(
          'h-full origin-left rounded-full transition-transform duration-120 ease-out',
          tone === 'accent' ? 'bg-accent' : tone === 'add' ? 'bg-add' : 'bg-remove',
          share === null && 'skeleton',
        )}
        style={{ transform: `scaleX(${share ?? 1})` }}
      />
    </div>
  )
}

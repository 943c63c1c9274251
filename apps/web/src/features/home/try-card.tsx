import { ArrowRight, Loader } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { Icon } from '../../components/icon.tsx'
import { cn } from '../../lib/cn.ts'

/** Something to do that works without any model. */
export function TryCard({
  icon,
  title,
  text,
  onOpen,
  busy = false,
  first = false,
  small = false,
}: {
  icon: LucideIcon
  title: string
  text: string
  onOpen: () => void
  busy?: boolean
  first?: boolean
  small?: boolean
}) {
  return (
    <button
      type="button"
      onClick={onOpen}
      disabled={busy}
      className={cn(
        'group flex rounded-card border bg-surface text-left transition-colors duration-120 hover:border-line-strong hover:bg-raised',
        small ? 'items-start gap-3 p-3' : 'flex-col gap-3 p-5 narrow:flex-row narrow:p-4',
        first ? 'border-accent' : 'border-line',
      )}
    >
      <span
        className={cn(
          'flex shrink-0 items-center justify-center rounded-control',
          small ? 'size-8' : 'size-10',
          first ? 'bg-accent text-on-accent' : 'bg-accent-soft text-accent-text',
        )}
      >
        <Icon of={busy ? Loader : icon} size={small ? 16 : 20} className={busy ? 'spin' : ''} />
      </span>
      <span className="min-w-0 flex-1">
        <span className={cn('flex items-center gap-1 font-semibold', !small && 'text-14')}>
          {title}
          <Icon of={ArrowRight} size={14} className="text-ghost transition-transform duration-120 group-hover:translate-x-0.5" />
        </span>
        <span className="mt-0.5 block text-ink-faint">{text}</span>
      </span>
    </button>
  )
}

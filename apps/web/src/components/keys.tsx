import { cn } from '../lib/cn.ts'
import { keyCaps } from '../lib/keyboard.ts'

/** Key caps of a shortcut; hidden where there is no keyboard. */
export function Keys({ shortcut, onAccent = false, className }: { shortcut: string; onAccent?: boolean; className?: string }) {
  return (
    <span aria-hidden className={cn('ml-1 inline-flex gap-0.5 touch:hidden phone:hidden', className)}>
      {keyCaps(shortcut).map((cap, index) => (
        <kbd
          key={index}
          className={cn(
            'inline-flex h-4 min-w-4 items-center justify-center rounded-small px-1 font-sans text-12 leading-tight',
            onAccent ? 'bg-current/20' : 'border border-line bg-sunken text-ink-faint',
          )}
        >
          <span className={onAccent ? 'text-on-accent' : ''}>{cap}</span>
        </kbd>
      ))}
    </span>
  )
}

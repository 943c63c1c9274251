import type { LucideIcon } from 'lucide-react'
import { cn } from '../lib/cn.ts'

/** Lucide at 16 / 1.75, always decoration: the word beside it or the control's label says the same. */
export function Icon({ of: Glyph, className, size = 16 }: { of: LucideIcon; className?: string; size?: 12 | 14 | 16 | 20 | 24 }) {
  return <Glyph aria-hidden size={size} strokeWidth={1.75} className={cn('shrink-0', className)} />
}

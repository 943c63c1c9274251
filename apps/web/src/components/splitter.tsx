import { useRef } from 'react'
import { cn } from '../lib/cn.ts'

/** The line between page and panel; drag it or use the arrow keys. `value` is the width of what lies to its right. */
export function Splitter({
  value,
  min,
  max,
  onChange,
  label,
  className,
}: {
  value: number
  min: number
  max: number
  onChange: (value: number) => void
  label: string
  className?: string
}) {
  const start = useRef<{ x: number; value: number } | null>(null)
  const clamp = (next: number): number => Math.round(Math.max(min, Math.min(max, next)))
  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={value}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        start.current = { x: event.clientX, value }
      }}
      onPointerMove={(event) => start.current && onChange(clamp(start.current.value + start.current.x - event.clientX))}
      onPointerUp={() => (start.current = null)}
      onKeyDown={(event) => {
        if (event.key === 'ArrowLeft') onChange(clamp(value + 24))
        if (event.key === 'ArrowRight') onChange(clamp(value - 24))
      }}
      className={cn(
        'relative w-px shrink-0 cursor-col-resize touch-none bg-line transition-colors duration-120 before:absolute before:inset-y-0 before:-inset-x-1.5 hover:bg-accent focus-visible:bg-accent',
        className,
      )}
    />
  )
}

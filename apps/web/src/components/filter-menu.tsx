import { ChevronDown } from 'lucide-react'
import { cn } from '../lib/cn.ts'
import { Button } from './button.tsx'
import { ChoiceMenu } from './menu.tsx'

const ALL = 'all'

/** One of several, or all of them; tinted while it filters. */
export function FilterMenu<T extends string>({
  label,
  all,
  value,
  options,
  onChange,
}: {
  label: string
  /** What “no filter” is called. */
  all: string
  value: T | undefined
  options: readonly { value: T; label: string }[]
  onChange: (value: T | undefined) => void
}) {
  const chosen = options.find((option) => option.value === value)
  return (
    <ChoiceMenu<string>
      label={label}
      value={value ?? ALL}
      options={[{ value: ALL, label: all }, ...options]}
      onChange={(next) => onChange(options.find((option) => option.value === next)?.value)}
      trigger={
        <Button
          aria-label={`${label}: ${chosen?.label ?? all}`}
          className={cn(chosen && 'border-transparent bg-accent-soft text-accent-text')}
        >
          {chosen?.label ?? all}
          <ChevronDown aria-hidden size={14} className={chosen ? '' : 'text-ink-faint'} />
        </Button>
      }
    />
  )
}

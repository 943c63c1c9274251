import { ToggleGroup } from 'radix-ui'
import { cn } from '../lib/cn.ts'

/** One of a few, all in sight. */
export function Segmented<T extends string>({
  value,
  options,
  onChange,
  label,
  className,
}: {
  value: T
  options: readonly { value: T; label: string; hint?: string }[]
  onChange: (value: T) => void
  label: string
  className?: string
}) {
  return (
    <ToggleGroup.Root
      type="single"
      value={value}
      aria-label={label}
      onValueChange={(next) => next && onChange(next as T)}
      className={cn('inline-flex h-7 items-center rounded-control border border-line bg-sunken p-0.5 phone:h-11', className)}
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          title={option.hint}
          className="inline-flex h-full items-center rounded-small px-2 text-12 font-medium text-ink-faint transition-colors duration-120 hover:text-ink data-[state=on]:bg-raised data-[state=on]:text-ink data-[state=on]:outline data-[state=on]:outline-line-strong phone:px-3"
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  )
}

import { Check as CheckGlyph, Minus } from 'lucide-react'
import { Checkbox } from 'radix-ui'
import { cn } from '../lib/cn.ts'

/** A tri-state tick box with a hit area larger than its square. */
export function Check({
  checked,
  onChange,
  label,
  disabled = false,
  tabIndex,
  className,
}: {
  checked: boolean | 'indeterminate'
  onChange: (checked: boolean) => void
  label: string
  disabled?: boolean
  tabIndex?: number
  className?: string
}) {
  return (
    <Checkbox.Root
      checked={checked}
      onCheckedChange={(value) => onChange(value === true)}
      aria-label={label}
      disabled={disabled}
      {...(tabIndex !== undefined && { tabIndex })}
      className={cn(
        'group relative inline-flex size-4 shrink-0 items-center justify-center rounded-small border border-ghost bg-raised text-on-accent transition-colors duration-120 before:absolute before:-inset-2 data-[state=checked]:border-accent data-[state=checked]:bg-accent data-[state=indeterminate]:border-accent data-[state=indeterminate]:bg-accent disabled:opacity-50 phone:size-5 phone:before:-inset-3',
        className,
      )}
    >
      <Checkbox.Indicator>
        <CheckGlyph aria-hidden size={12} strokeWidth={3} className="hidden group-data-[state=checked]:block" />
        <Minus aria-hidden size={12} strokeWidth={3} className="hidden group-data-[state=indeterminate]:block" />
      </Checkbox.Indicator>
    </Checkbox.Root>
  )
}

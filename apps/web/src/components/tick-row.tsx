import type { ReactNode } from 'react'
import { Check } from './check.tsx'

/** A tick with its words beside it and what it means under them. */
export function TickRow({
  checked,
  onChange,
  label,
  help,
}: {
  checked: boolean
  onChange: (checked: boolean) => void
  label: string
  help?: ReactNode
}) {
  return (
    <div className="flex flex-col gap-1">
      <label className="flex items-center gap-2.5">
        <Check checked={checked} onChange={onChange} label={label} />
        <span className="font-medium">{label}</span>
      </label>
      {help ? <p className="pl-6.5 text-12 text-ink-faint">{help}</p> : null}
    </div>
  )
}

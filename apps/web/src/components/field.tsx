import type { LucideIcon } from 'lucide-react'
import { CircleAlert, Search, X } from 'lucide-react'
import { useId } from 'react'
import type { InputHTMLAttributes, ReactNode, Ref, TextareaHTMLAttributes } from 'react'
import { cn } from '../lib/cn.ts'
import { Icon } from './icon.tsx'

const BOX =
  'w-full rounded-control border border-line-strong bg-raised px-2.5 text-13 text-ink transition-colors duration-120 hover:border-ghost focus-visible:border-accent aria-invalid:border-remove phone:text-16'

/** Label above, help under, error beside with how to mend it. */
export function Field({
  label,
  help,
  error,
  optional = false,
  children,
}: {
  label: string
  help?: ReactNode
  error?: string | undefined
  optional?: boolean
  children: (ids: { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean | undefined }) => ReactNode
}) {
  const id = useId()
  const described = (error ?? help) ? `${id}-help` : undefined
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="flex items-baseline gap-1.5 font-medium">
        {label}
        {optional ? <span className="text-12 font-normal text-ink-faint">optional</span> : null}
      </label>
      {children({ id, 'aria-describedby': described, 'aria-invalid': error ? true : undefined })}
      {error ? (
        <p id={described} role="alert" className="flex items-start gap-1 text-12 text-remove">
          <Icon of={CircleAlert} size={14} className="mt-px" />
          {error}
        </p>
      ) : help ? (
        <p id={described} className="text-12 text-ink-faint">
          {help}
        </p>
      ) : null}
    </div>
  )
}

export function TextInput({ className, ref, ...rest }: InputHTMLAttributes<HTMLInputElement> & { ref?: Ref<HTMLInputElement> }) {
  return <input ref={ref} autoComplete="off" spellCheck={false} className={cn(BOX, 'h-8 phone:h-11', className)} {...rest} />
}
export function TextArea({ className, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return <textarea className={cn(BOX, 'min-h-20 py-2', className)} {...rest} />
}

/** A search box that clears itself with Escape. */
export function SearchInput({
  value,
  onChange,
  label,
  className,
  icon = Search,
  ref,
}: {
  value: string
  onChange: (value: string) => void
  label: string
  className?: string
  icon?: LucideIcon
  ref?: Ref<HTMLInputElement>
}) {
  return (
    <div className={cn('relative', className)}>
      <Icon of={icon} size={14} className="pointer-events-none absolute left-2 top-1/2 -translate-y-1/2 text-ink-faint" />
      <input
        ref={ref}
        type="text"
        role="searchbox"
        value={value}
        aria-label={label}
        placeholder={label}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.stopPropagation()
          if (value) onChange('')
          else event.currentTarget.blur()
        }}
        className={cn(BOX, 'h-7 px-7 phone:h-9')}
      />
      {value ? (
        <button
          type="button"
          aria-label="Clear the search"
          onClick={() => onChange('')}
          className="absolute right-0 top-0 flex h-full w-7 items-center justify-center text-ink-faint hover:text-ink"
        >
          <Icon of={X} size={14} />
        </button>
      ) : null}
    </div>
  )
}

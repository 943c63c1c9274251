import type { ReactNode } from 'react'
import { cn } from '../lib/cn.ts'

/** A page that scrolls as a whole: title, actions, content in a readable measure. */
export function Page({
  title,
  description,
  actions,
  children,
  width = 'wide',
}: {
  title: string
  description?: ReactNode
  actions?: ReactNode
  children: ReactNode
  width?: 'wide' | 'text'
}) {
  return (
    <div className="h-full overflow-auto">
      <div
        className={cn(
          'mx-auto flex flex-col gap-5 px-8 pb-16 pt-7 phone:px-4 phone:pt-5',
          width === 'wide' ? 'max-w-[1120px]' : 'max-w-[760px]',
        )}
      >
        <header className="flex flex-wrap items-end gap-x-4 gap-y-2">
          <div className="min-w-0 flex-1 phone:basis-full">
            <h1 className="text-20 font-semibold tracking-tight">{title}</h1>
            {description ? <p className="text-ink-faint">{description}</p> : null}
          </div>
          {actions ? <div className="flex flex-wrap items-center gap-2 phone:w-full">{actions}</div> : null}
        </header>
        {children}
      </div>
    </div>
  )
}

export function Section({
  title,
  hint,
  actions,
  children,
  className,
}: {
  title: string
  hint?: ReactNode
  actions?: ReactNode
  children: ReactNode
  className?: string
}) {
  return (
    <section className={cn('flex flex-col gap-2', className)}>
      <header className="flex min-h-7 flex-wrap items-center gap-x-2">
        <h2 className="max-w-full shrink-0 break-words text-13 font-semibold">{title}</h2>
        {hint ? <span className="text-12 text-ink-faint phone:order-last phone:basis-full">{hint}</span> : null}
        {actions ? <div className="ml-auto flex items-center gap-2">{actions}</div> : null}
      </header>
      {children}
    </section>
  )
}

export function Card({ children, className }: { children: ReactNode; className?: string }) {
  return <div className={cn('overflow-hidden rounded-card border border-line bg-surface', className)}>{children}</div>
}

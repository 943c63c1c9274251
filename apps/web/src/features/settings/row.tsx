import type { ReactNode } from 'react'

/** One setting: its name and what it means at the left, its control at the right. */
export function SettingRow({ name, help, children }: { name: string; help?: ReactNode; children: ReactNode }) {
  return (
    <div className="flex items-center gap-6 border-b border-line px-4 py-3 last:border-b-0 phone:flex-col phone:items-stretch phone:gap-2 phone:px-3">
      <div className="min-w-0 flex-1">
        <p className="font-medium">{name}</p>
        {help ? <p className="text-12 text-ink-faint">{help}</p> : null}
      </div>
      <div className="shrink-0">{children}</div>
    </div>
  )
}

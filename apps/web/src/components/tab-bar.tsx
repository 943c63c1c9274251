import { Tabs } from 'radix-ui'

/** Parts of one thing. The parts themselves are drawn by the page. */
export function TabBar<T extends string>({
  tabs,
  value,
  onChange,
  label,
}: {
  tabs: readonly { value: T; label: string; count?: number | undefined }[]
  value: T
  onChange: (value: T) => void
  label: string
}) {
  return (
    <Tabs.Root
      value={value}
      onValueChange={(next) => onChange(next as T)}
      activationMode="manual"
      className="shrink-0 border-b border-line bg-surface"
    >
      <Tabs.List aria-label={label} className="flex gap-4 overflow-x-auto px-4 phone:gap-5 phone:px-3">
        {tabs.map((tab) => (
          <Tabs.Trigger
            key={tab.value}
            value={tab.value}
            aria-controls={undefined}
            className="relative flex h-9 shrink-0 items-center gap-1.5 font-medium text-ink-faint transition-colors duration-120 hover:text-ink data-[state=active]:text-ink data-[state=active]:after:absolute data-[state=active]:after:inset-x-0 data-[state=active]:after:-bottom-px data-[state=active]:after:h-0.5 data-[state=active]:after:rounded-full data-[state=active]:after:bg-accent phone:h-11"
          >
            {tab.label}
            {tab.count === undefined ? null : <span className="mono text-12 text-ink-faint">{tab.count}</span>}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
    </Tabs.Root>
  )
}

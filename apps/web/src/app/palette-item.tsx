import { Command } from 'cmdk'
import type { LucideIcon } from 'lucide-react'
import { Icon } from '../components/icon.tsx'
import { cn } from '../lib/cn.ts'

export function Group({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <Command.Group
      heading={name}
      className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:text-12 [&_[cmdk-group-heading]]:text-ink-faint"
    >
      {children}
    </Command.Group>
  )
}

export function Item({
  value,
  icon,
  onSelect,
  tail,
  grave = false,
  children,
}: {
  value: string
  icon: LucideIcon
  onSelect: () => void
  tail?: React.ReactNode
  grave?: boolean
  children: React.ReactNode
}) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className={cn(
        'flex h-9 cursor-pointer items-center gap-2.5 rounded-control px-2.5 data-[selected=true]:bg-hover phone:h-11',
        grave && 'text-final',
      )}
    >
      <Icon of={icon} className={grave ? '' : 'text-ink-faint'} />
      <span className="min-w-0 flex-1 truncate">{children}</span>
      <span className="flex shrink-0 items-center gap-2">{tail}</span>
    </Command.Item>
  )
}

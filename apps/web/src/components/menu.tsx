import { Check } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import type { Action } from '../lib/actions.tsx'
import { cn } from '../lib/cn.ts'
import { Icon } from './icon.tsx'
import { Keys } from './keys.tsx'

const CONTENT = 'panel-in z-50 max-h-96 min-w-44 overflow-auto rounded-card border border-line bg-raised p-1 text-13 shadow-float'
const ITEM =
  'flex h-8 select-none items-center gap-2 rounded-control px-2 outline-none data-[highlighted]:bg-hover data-[disabled]:opacity-50 phone:h-11'

/** Actions behind a button. */
export function ActionMenu({ trigger, items, align = 'end' }: { trigger: ReactNode; items: readonly Action[]; align?: 'start' | 'end' }) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align={align} sideOffset={4} collisionPadding={8} className={CONTENT}>
          {items.map((action) => (
            <DropdownMenu.Item
              key={action.id}
              disabled={action.when === false}
              onSelect={() => void action.perform()}
              className={cn(ITEM, action.grave && 'text-remove')}
            >
              {action.icon ? <Icon of={action.icon} className={action.grave ? '' : 'text-ink-faint'} /> : <span className="size-4" />}
              <span className="flex-1">{action.name}</span>
              {action.shortcut ? <Keys shortcut={action.shortcut} /> : null}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

/** One of several, behind a button that shows the choice. */
export function ChoiceMenu<T extends string>({
  trigger,
  value,
  options,
  onChange,
  label,
  align = 'start',
}: {
  trigger: ReactNode
  value: T
  options: readonly { value: T; label: string; hint?: string }[]
  onChange: (value: T) => void
  label?: string
  align?: 'start' | 'end'
}) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align={align} sideOffset={4} collisionPadding={8} className={CONTENT}>
          {label ? <DropdownMenu.Label className="px-2 py-1 text-12 text-ink-faint">{label}</DropdownMenu.Label> : null}
          <DropdownMenu.RadioGroup value={value} onValueChange={(next) => onChange(next as T)}>
            {options.map((option) => (
              <DropdownMenu.RadioItem key={option.value} value={option.value} className={cn(ITEM, option.hint && 'h-auto py-1.5')}>
                <span className="flex size-4 shrink-0 items-center justify-center">
                  <DropdownMenu.ItemIndicator>
                    <Icon of={Check} size={14} className="text-accent-text" />
                  </DropdownMenu.ItemIndicator>
                </span>
                <span className="flex flex-col">
                  {option.label}
                  {option.hint ? <span className="max-w-72 text-12 text-ink-faint">{option.hint}</span> : null}
                </span>
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

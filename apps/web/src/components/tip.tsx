import { Tooltip } from 'radix-ui'
import type { ReactNode } from 'react'
import { Keys } from './keys.tsx'

export const TipProvider = Tooltip.Provider

/** A short name on hover or focus. */
export function Tip({
  text,
  keys,
  children,
  side = 'bottom',
}: {
  text: string
  keys?: string | undefined
  children: ReactNode
  side?: 'top' | 'bottom' | 'left' | 'right'
}) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="panel-in z-50 flex max-w-96 items-center break-all rounded-control border border-line bg-raised px-2 py-1 text-12 text-ink shadow-float"
        >
          {text}
          {keys ? <Keys shortcut={keys} className="ml-2" /> : null}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}

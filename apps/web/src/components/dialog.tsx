import { X } from 'lucide-react'
import { AlertDialog, Dialog as RadixDialog } from 'radix-ui'
import type { ReactNode } from 'react'
import { cn } from '../lib/cn.ts'
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'

const SCRIM = 'fixed inset-0 z-40 bg-scrim'
const CARD =
  'panel-in fixed left-1/2 top-[12vh] z-50 flex max-h-[76vh] w-[min(560px,calc(100vw-32px))] -translate-x-1/2 flex-col rounded-card border border-line bg-raised shadow-float outline-none'

function CloseButton() {
  return (
    <RadixDialog.Close
      aria-label="Close"
      className="-my-0.5 -mr-1 flex size-7 items-center justify-center rounded-control text-ink-faint hover:bg-hover hover:text-ink phone:size-11"
    >
      <Icon of={X} />
    </RadixDialog.Close>
  )
}

export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  children,
  footer,
  wide = false,
  readable = false,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  description?: string
  children: ReactNode
  footer?: ReactNode
  wide?: boolean
  /** Holds nothing but text, which then takes the focus so that the keyboard can scroll it. */
  readable?: boolean
}) {
  return (
    <RadixDialog.Root open={open} onOpenChange={onOpenChange}>
      <RadixDialog.Portal>
        <RadixDialog.Overlay className={SCRIM} />
        <RadixDialog.Content
          className={cn(CARD, wide && 'w-[min(760px,calc(100vw-32px))]')}
          {...(!description && { 'aria-describedby': undefined })}
        >
          <header className="flex items-start gap-2 border-b border-line px-4 py-3">
            <div className="min-w-0 flex-1">
              <RadixDialog.Title className="text-14 font-semibold">{title}</RadixDialog.Title>
              {description ? <RadixDialog.Description className="text-ink-faint">{description}</RadixDialog.Description> : null}
            </div>
            <CloseButton />
          </header>
          <div {...(readable && { tabIndex: 0 })} className="min-h-0 flex-1 overflow-auto focus-visible:-outline-offset-2">
            {children}
          </div>
          {footer ? <footer className="flex items-center justify-end gap-2 border-t border-line px-4 py-3">{footer}</footer> : null}
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  )
}

/** Asks once before something that cannot be taken back. */
export function Confirm({
  open,
  onOpenChange,
  title,
  message,
  confirm,
  onConfirm,
  final = false,
  busy = false,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  message: ReactNode
  confirm: string
  onConfirm: () => void
  final?: boolean
  busy?: boolean
}) {
  return (
    <AlertDialog.Root open={open} onOpenChange={onOpenChange}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={SCRIM} />
        <AlertDialog.Content className={cn(CARD, 'w-[min(440px,calc(100vw-32px))] p-4')}>
          <AlertDialog.Title className="text-14 font-semibold">{title}</AlertDialog.Title>
          <AlertDialog.Description className="mt-1 text-ink-soft">{message}</AlertDialog.Description>
          <div className="mt-4 flex justify-end gap-2">
            <AlertDialog.Cancel asChild>
              <Button large>Cancel</Button>
            </AlertDialog.Cancel>
            <Button large tone={final ? 'final' : 'accent'} busy={busy} onClick={onConfirm}>
              {confirm}
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}

/** The detail panel where there is no room beside the page: a sheet from the bottom. */
export function Sheet({
  open,
  onOpenChange,
  title,
  children,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  children: ReactNode
}) {
  return (
    <RadixDialog.Root open={open} onOpenChange={onOpenChange}>
      <RadixDialog.Portal>
        <RadixDialog.Overlay className={SCRIM} />
        <RadixDialog.Content
          aria-describedby={undefined}
          className="sheet-in fixed inset-x-0 bottom-0 z-50 flex max-h-[84dvh] flex-col rounded-t-card border-t border-line bg-raised pb-[env(safe-area-inset-bottom)] shadow-float outline-none"
        >
          <header className="flex items-center justify-between border-b border-line py-1 pl-4 pr-1">
            <RadixDialog.Title className="min-w-0 truncate text-14 font-semibold">{title}</RadixDialog.Title>
            <CloseButton />
          </header>
          <div className="min-h-0 flex-1 overflow-auto">{children}</div>
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  )
}

import { Popover } from 'radix-ui'
import { lazy, Suspense, useState } from 'react'
import type { ReactNode } from 'react'
import { Dialog } from '../dialog.tsx'
import type { ModelListProps } from './model-list.tsx'

const ModelList = lazy(() => import('./model-list.tsx'))

/** One of many models, behind a button that shows the choice. */
export function ModelPicker({
  trigger,
  label,
  align = 'start',
  onPick,
  ...list
}: ModelListProps & { trigger: ReactNode; label: string; align?: 'start' | 'end' }) {
  const [open, setOpen] = useState(false)
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>{trigger}</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          aria-label={label}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="panel-in z-50 flex max-h-[min(26rem,var(--radix-popover-content-available-height))] w-[min(25rem,calc(100vw-16px))] flex-col overflow-hidden rounded-card border border-line bg-raised text-13 shadow-float outline-none"
        >
          <Suspense fallback={<Loading />}>
            <ModelList
              {...list}
              onPick={(value) => {
                setOpen(false)
                onPick(value)
              }}
            />
          </Suspense>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

/** The same in a dialog, for what is opened from a menu. */
export function ModelDialogPicker({ title, onClose, onPick, ...list }: ModelListProps & { title: string; onClose: () => void }) {
  return (
    <Dialog open onOpenChange={(open) => open || onClose()} title={title}>
      <div className="flex max-h-[min(26rem,60vh)] flex-col">
        <Suspense fallback={<Loading />}>
          <ModelList
            {...list}
            onPick={(value) => {
              onClose()
              onPick(value)
            }}
          />
        </Suspense>
      </div>
    </Dialog>
  )
}

const Loading = () => <p className="px-3 py-6 text-center text-ink-faint">Loading the models…</p>

import type { ReactNode } from 'react'
import { useActions } from '../lib/actions.tsx'
import { requestError } from '../lib/api.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'

/** A form in a dialog: kept with its button, with Enter in a line, or with the shortcut from anywhere; what went wrong stands under it. */
export function FormDialog({
  title,
  description,
  action,
  failure,
  busy,
  onSubmit,
  onClose,
  children,
}: {
  title: string
  description?: string
  /** The deed: a word on the button, its name in the palette. */
  action: { id: string; name: string; word: string }
  failure: unknown
  busy: boolean
  onSubmit: () => void
  onClose: () => void
  children: ReactNode
}) {
  const submit = (): void => {
    if (!busy) onSubmit()
  }
  useActions([{ id: action.id, name: action.name, group: 'This page', shortcut: 'mod+enter', when: !busy, perform: submit }])
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={title}
      {...(description !== undefined && { description })}
      footer={
        <>
          <Button large onClick={onClose}>
            Cancel
          </Button>
          <Button large tone="accent" busy={busy} onClick={submit} keys="mod+enter">
            {action.word}
          </Button>
        </>
      }
    >
      <form className="flex flex-col gap-4 p-4" onSubmit={(event) => (event.preventDefault(), submit())}>
        {children}
        {failure ? (
          <p role="alert" className="rounded-control bg-remove-soft p-2.5 text-remove">
            {requestError(failure).message}
          </p>
        ) : null}
        <button type="submit" hidden aria-hidden tabIndex={-1} />
      </form>
    </Dialog>
  )
}

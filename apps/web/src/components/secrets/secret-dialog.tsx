import type { Secret } from '@life-os/contract'
import { Button } from '../button.tsx'
import { Dialog } from '../dialog.tsx'
import { SecretFields, useSecretForm } from './secret-form.tsx'

/** Adds a secret, or replaces what one is worth. */
export function SecretDialog({
  known,
  onClose,
  onDone,
}: {
  known?: Secret | undefined
  onClose: () => void
  onDone?: (name: string) => void
}) {
  const form = useSecretForm({}, known, (name) => {
    onDone?.(name)
    onClose()
  })
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={known ? `Replace ${known.name}` : 'Add a secret'}
      {...(known && { description: 'What it was worth before is forgotten.' })}
      footer={
        <>
          <Button large onClick={onClose}>
            Cancel
          </Button>
          <Button large tone="accent" busy={form.busy} onClick={form.submit}>
            {known ? 'Replace' : 'Keep it'}
          </Button>
        </>
      }
    >
      <form className="p-4" onSubmit={(event) => (event.preventDefault(), event.stopPropagation(), form.submit())}>
        <SecretFields form={form} fixedName={known !== undefined} />
        <button type="submit" hidden aria-hidden tabIndex={-1} />
      </form>
    </Dialog>
  )
}

import { useState } from 'react'
import { Button } from '../button.tsx'
import { Dialog } from '../dialog.tsx'
import { Field, TextInput } from '../field.tsx'

/** Asks why, without insisting. */
export function RefuseDialog({
  open,
  onOpenChange,
  busy,
  onRefuse,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  busy: boolean
  onRefuse: (reason: string) => void
}) {
  const [reason, setReason] = useState('')
  const refuse = (): void => {
    onRefuse(reason.trim())
    onOpenChange(false)
  }
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Refuse this?"
      description="Nothing of it will happen. The run ends and stays in the list."
      footer={
        <>
          <Button large onClick={() => onOpenChange(false)}>
            Back
          </Button>
          <Button large tone="grave" busy={busy} onClick={refuse}>
            Refuse
          </Button>
        </>
      }
    >
      <form className="p-4" onSubmit={(event) => (event.preventDefault(), refuse())}>
        <Field label="Reason" optional help="Kept in the audit record.">
          {(ids) => <TextInput {...ids} autoFocus value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />}
        </Field>
      </form>
    </Dialog>
  )
}

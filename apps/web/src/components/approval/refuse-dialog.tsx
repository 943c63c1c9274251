import type { Approval } from '@life-os/contract'
import { useState } from 'react'
import { Button } from '../button.tsx'
import { Dialog } from '../dialog.tsx'
import { Field, TextInput } from '../field.tsx'
import { TickRow } from '../tick-row.tsx'
import { OfferMenu } from './offer-menu.tsx'

/** Asks why, without insisting. */
export function RefuseDialog({
  open,
  onOpenChange,
  busy,
  offers = [],
  onRefuse,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  busy: boolean
  /** What can be refused from now on too. */
  offers?: Approval['offers']
  onRefuse: (reason: string, never?: string) => void
}) {
  const [reason, setReason] = useState('')
  const [always, setAlways] = useState(false)
  const [never, setNever] = useState(offers[0]?.permission)
  const refuse = (): void => {
    onRefuse(reason.trim(), always ? never : undefined)
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
      <form className="flex flex-col gap-4 p-4" onSubmit={(event) => (event.preventDefault(), refuse())}>
        <Field label="Reason" optional help="Kept in the audit record.">
          {(ids) => <TextInput {...ids} autoFocus value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />}
        </Field>
        {offers.length > 0 ? (
          <div className="flex flex-wrap items-center gap-2">
            <TickRow checked={always} onChange={setAlways} label="Deny it always" help="Then it is not asked again." />
            {always ? <OfferMenu offers={offers} value={never} onChange={setNever} label="What is always denied" /> : null}
          </div>
        ) : null}
      </form>
    </Dialog>
  )
}

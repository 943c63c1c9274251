import type { ApprovalDetail } from '@life-os/contract'
import { useState } from 'react'
import type { Answer } from '../../lib/queries.ts'
import { Button } from '../button.tsx'
import { GLYPH } from '../glyphs.ts'
import { Icon } from '../icon.tsx'
import { faultsIn, formFields, record, sentFields, shownValues } from '../schema-form/form-fields.ts'
import type { Filled } from '../schema-form/form-fields.ts'
import { SchemaForm } from '../schema-form/schema-form.tsx'
import { useActions } from '../../lib/actions.tsx'
import { RefuseDialog } from './refuse-dialog.tsx'

/** A tool call that an agent wants to make, before it makes it: as it is, with another input, or not. */
export function ReviewQuestion({ detail, busy, onAnswer }: { detail: ApprovalDetail; busy: boolean; onAnswer: (answer: Answer) => void }) {
  const [editing, setEditing] = useState(false)
  const [refusing, setRefusing] = useState(false)
  const [tried, setTried] = useState(false)
  const fields = formFields(detail.output ?? {})
  const [filled, setFilled] = useState<Filled>(() => shownValues(fields, record(detail.subject?.input)))
  const faults = faultsIn(fields, filled)
  const approve = (): void => onAnswer({ answer: 'approve', hash: detail.hash })
  const send = (): void => {
    setTried(true)
    if (Object.keys(faults).length === 0) onAnswer({ answer: 'done', hash: detail.hash, output: sentFields(fields, filled) })
  }
  useActions([
    {
      id: 'review.approve',
      name: 'Let it call',
      group: 'This page',
      shortcut: 'mod+enter',
      aliases: ['a'],
      when: !busy && !editing,
      perform: approve,
    },
    {
      id: 'review.refuse',
      name: 'Refuse the call',
      group: 'This page',
      shortcut: 'r',
      when: !busy,
      grave: true,
      perform: () => setRefusing(true),
    },
  ])
  return (
    <div className="flex h-full flex-col">
      <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-auto p-4 phone:p-3" tabIndex={0} role="group" aria-label="Tool call">
        <div className="flex gap-3">
          <span className="flex size-9 shrink-0 items-center justify-center rounded-card bg-accent-soft text-accent-text">
            <Icon of={GLYPH.tool} size={20} />
          </span>
          <div className="min-w-0">
            <p className="text-14 font-medium">
              {detail.title} <span className="mono text-12 font-normal text-ink-faint">{detail.subject?.tool}</span>
            </p>
            <p className="text-ink-soft">{detail.message}</p>
          </div>
        </div>
        {editing ? (
          <SchemaForm fields={fields} filled={filled} onFilled={setFilled} faults={tried ? faults : {}} />
        ) : (
          <pre
            tabIndex={0}
            aria-label="Input"
            className="mono overflow-auto whitespace-pre-wrap break-words rounded-control bg-sunken p-3 text-12"
          >
            {JSON.stringify(detail.subject?.input ?? {}, null, 2)}
          </pre>
        )}
      </div>
      <div className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-4 py-3">
        <Button large tone="grave" disabled={busy} onClick={() => setRefusing(true)}>
          Refuse
        </Button>
        {fields.length > 0 ? (
          <Button large disabled={busy} onClick={() => setEditing(!editing)}>
            {editing ? 'As it was' : 'Edit'}
          </Button>
        ) : null}
        <Button large tone="accent" busy={busy} keys={editing ? undefined : 'mod+enter'} onClick={editing ? send : approve}>
          {editing ? 'Call with this' : 'Let it call'}
        </Button>
      </div>
      <RefuseDialog
        open={refusing}
        onOpenChange={setRefusing}
        busy={busy}
        onRefuse={(reason) => onAnswer({ answer: 'refuse', hash: detail.hash, ...(reason && { reason }) })}
      />
    </div>
  )
}

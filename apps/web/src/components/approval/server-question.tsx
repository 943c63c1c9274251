import type { ApprovalDetail } from '@life-os/contract'
import { useState } from 'react'
import type { Answer } from '../../lib/queries.ts'
import { Button } from '../button.tsx'
import { GLYPH } from '../glyphs.ts'
import { Icon } from '../icon.tsx'
import { faultsIn, formFields, sentFields, shownValues } from '../schema-form/form-fields.ts'
import type { Filled } from '../schema-form/form-fields.ts'
import { SchemaForm } from '../schema-form/schema-form.tsx'

/** A stranger's form names no place of this machine, and what it lets a person write is rarely long. */
const PLAIN = new Set(['path', 'long'])

/** What an MCP server asks in the middle of a call: its words and its form, marked as a stranger's. */
export function ServerQuestion({ detail, busy, onAnswer }: { detail: ApprovalDetail; busy: boolean; onAnswer: (answer: Answer) => void }) {
  const fields = formFields(detail.output ?? {}).map((field) => (PLAIN.has(field.kind) ? { ...field, kind: 'text' as const } : field))
  const [filled, setFilled] = useState<Filled>(() => shownValues(fields, {}))
  const [tried, setTried] = useState(false)
  const faults = faultsIn(fields, filled)
  const send = (): void => {
    setTried(true)
    if (Object.keys(faults).length === 0) onAnswer({ answer: 'done', hash: detail.hash, output: sentFields(fields, filled) })
  }
  return (
    <form
      className="flex h-full flex-col gap-4 overflow-auto p-4 phone:p-3"
      onSubmit={(event) => (event.preventDefault(), send())}
      aria-label="Question of a server"
    >
      <div className="flex gap-3">
        <span className="flex size-9 shrink-0 items-center justify-center rounded-card bg-change-soft text-change">
          <Icon of={GLYPH.plugin} size={20} />
        </span>
        <div className="min-w-0">
          <p className="text-12 text-ink-faint">
            {detail.title} <span className="mono">{detail.subject?.tool}</span>
          </p>
          <p className="whitespace-pre-line break-words">{detail.message}</p>
        </div>
      </div>
      <SchemaForm fields={fields} filled={filled} onFilled={setFilled} faults={tried ? faults : {}} />
      <div className="flex justify-end gap-2">
        <Button large disabled={busy} onClick={() => onAnswer({ answer: 'refuse', hash: detail.hash })}>
          I do not want to say
        </Button>
        <Button large tone="accent" type="submit" busy={busy}>
          {fields.length === 0 ? 'Yes, go on' : 'Answer'}
        </Button>
      </div>
    </form>
  )
}

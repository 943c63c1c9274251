import type { ApprovalDetail } from '@life-os/contract'
import { useState } from 'react'
import type { ReactNode } from 'react'
import type { Answer } from '../../lib/queries.ts'
import { Button } from '../button.tsx'
import { GLYPH } from '../glyphs.ts'
import { Icon } from '../icon.tsx'
import { Card } from '../page.tsx'
import { useActions } from '../../lib/actions.tsx'
import { NeedsList, THIS_ONCE, remembered } from './needs-list.tsx'
import { outputFields, outputOf } from './output-fields.ts'
import { OutputForm } from './output-form.tsx'
import type { Filled } from './output-form.tsx'
import { RefuseDialog } from './refuse-dialog.tsx'

interface QuestionProps {
  detail: ApprovalDetail
  busy: boolean
  onAnswer: (answer: Answer) => void
}
type Say = Pick<Answer, 'answer'> & { name: string; help: string; tone?: 'accent' | 'grave' }

const ANSWERS: Record<'uncertain' | 'error' | 'plain', readonly Say[]> = {
  uncertain: [
    { answer: 'done', name: 'It happened', help: 'Go on as if the step had finished.' },
    { answer: 'not-done', name: 'It did not happen', help: 'Make the step again.' },
    { answer: 'stop', name: 'Stop the run', help: 'Leave everything as it is now.', tone: 'grave' },
  ],
  error: [
    { answer: 'retry', name: 'Try again', help: 'Make the step again with the same input.', tone: 'accent' },
    { answer: 'continue', name: 'Go on without it', help: 'Its result stays empty for the steps after it.' },
    { answer: 'stop', name: 'Stop the run', help: 'Leave everything as it is now.', tone: 'grave' },
  ],
  plain: [
    { answer: 'approve', name: 'Approve', help: 'The run goes on.', tone: 'accent' },
    { answer: 'refuse', name: 'Refuse', help: 'The run ends here; what is done stays done.', tone: 'grave' },
  ],
}

/** A question without a list of changes: a step that asks, an outcome nobody knows, an error. */
export function Question({ detail, busy, onAnswer }: QuestionProps) {
  const [output, setOutput] = useState('')
  const [filled, setFilled] = useState<Filled>({})
  const [fault, setFault] = useState<string | undefined>()
  const [refusing, setRefusing] = useState(false)
  const [remember, setRemember] = useState(THIS_ONCE)
  const fields = detail.output === null ? null : outputFields(detail.output)
  const kind = detail.kind === 'uncertain' ? 'uncertain' : detail.kind === 'error' ? 'error' : 'plain'
  const say = (answer: Say['answer']): void => {
    if (answer === 'refuse') return setRefusing(true)
    if (answer !== 'done' || detail.output === null) return onAnswer({ answer, hash: detail.hash, ...remembered(remember) })
    if (fields !== null) {
      const made = outputOf(fields, filled)
      return 'fault' in made ? setFault(made.fault) : onAnswer({ answer, hash: detail.hash, output: made.value })
    }
    try {
      onAnswer({ answer, hash: detail.hash, output: JSON.parse(output) as unknown })
    } catch {
      setFault('This is not JSON yet. Write the result as JSON, for example {"status": "sent"}.')
    }
  }
  useActions(
    kind === 'plain'
      ? [
          {
            id: 'approval.approve',
            name: 'Approve',
            group: 'This page',
            icon: GLYPH.approval,
            shortcut: 'mod+enter',
            aliases: ['a'],
            when: !busy,
            perform: () => say('approve'),
          },
          {
            id: 'approval.refuse',
            name: 'Refuse',
            group: 'This page',
            shortcut: 'r',
            when: !busy,
            grave: true,
            perform: () => say('refuse'),
          },
        ]
      : [],
  )
  return (
    <div className="h-full overflow-auto p-4 phone:p-3">
      <div className="mx-auto flex max-w-[640px] flex-col gap-4 pt-6 phone:pt-2">
        <div className="flex gap-3">
          <span className="flex size-9 shrink-0 items-center justify-center rounded-card bg-change-soft text-change">
            <Icon of={kind === 'plain' ? GLYPH.approval : GLYPH.warning} size={20} />
          </span>
          <div className="min-w-0">
            <h2 className="text-16 font-semibold tracking-tight">{detail.title}</h2>
            <p className="mt-1 whitespace-pre-line text-14 text-ink-soft">{detail.message}</p>
            {detail.step ? <p className="mono mt-2 text-12 text-ink-faint">step {detail.step}</p> : null}
          </div>
        </div>
        {kind === 'uncertain' ? <Known detail={detail} /> : null}
        {detail.needs.length > 0 && kind === 'plain' ? (
          <Card>
            <NeedsList needs={detail.needs} offers={detail.offers} value={remember} onChange={setRemember} />
          </Card>
        ) : null}
        {kind === 'uncertain' && detail.output !== null ? (
          <OutputForm
            fields={fields}
            schema={detail.output}
            filled={filled}
            onFilled={(next) => (setFilled(next), setFault(undefined))}
            text={output}
            onText={(next) => (setOutput(next), setFault(undefined))}
            fault={fault}
          />
        ) : null}
        <Card>
          {ANSWERS[kind].map((each) => (
            <Choice key={each.answer} help={each.help}>
              <Button large tone={each.tone ?? 'plain'} busy={busy} onClick={() => say(each.answer)} className="w-36 phone:w-40">
                {each.name}
              </Button>
            </Choice>
          ))}
        </Card>
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

function Choice({ help, children }: { help: string; children: ReactNode }) {
  return (
    <div className="flex items-center gap-4 border-b border-line px-4 py-3 last:border-b-0 phone:gap-3 phone:px-3">
      {children}
      <p className="text-ink-faint">{help}</p>
    </div>
  )
}

/** Both sides of an outcome nobody knows: what was meant to happen, and what the world looks like. */
function Known({ detail }: { detail: ApprovalDetail }) {
  const meant = detail.preview?.changes ?? []
  const before = detail.before?.changes ?? []
  if (meant.length === 0 && before.length === 0) return null
  return (
    <div className="grid grid-cols-2 gap-3 phone:grid-cols-1">
      {[
        { title: 'Meant to happen', changes: before.length > 0 ? before : meant },
        { title: 'Found now', changes: before.length > 0 ? meant : [] },
      ]
        .filter((side) => side.changes.length > 0)
        .map((side) => (
          <Card key={side.title} className="p-3">
            <h3 className="eyebrow mb-1">{side.title}</h3>
            <ul className="mono text-12">
              {side.changes.slice(0, 20).map((change) => (
                <li key={change.id} className="break-all py-0.5">
                  {change.change.summary}
                </li>
              ))}
            </ul>
          </Card>
        ))}
    </div>
  )
}

import type { Approval } from '@life-os/contract'
import { Check as Tick, X } from 'lucide-react'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { count, number } from '../../lib/format.ts'
import { Button } from '../button.tsx'
import { Check } from '../check.tsx'
import { GLYPH } from '../glyphs.ts'
import { Icon } from '../icon.tsx'
import { RefuseDialog } from './refuse-dialog.tsx'
import { useActions } from '../../lib/actions.tsx'

export interface DecisionBarProps {
  ticked: number
  of: number
  final: number
  undo: boolean
  busy: boolean
  /** Why it cannot be approved at all, if it cannot. */
  blocked?: string | undefined
  extra?: ReactNode
  onApprove: (final: boolean) => void
  offers?: Approval['offers']
  /** `never`: the permission that is refused from now on too. */
  onRefuse: (reason: string, never?: string) => void
}

/** Refuse at the left, approve at the right with the number it stands for. Final effects need their own tick. */
export function DecisionBar({ ticked, of, final, undo, busy, blocked, extra, offers = [], onApprove, onRefuse }: DecisionBarProps) {
  const [accepted, setAccepted] = useState(false)
  const [refusing, setRefusing] = useState(false)
  const ready = blocked === undefined && (ticked > 0 || of === 0) && (final === 0 || accepted)
  const words = of === 0 ? 'Approve' : undo ? `Undo ${count(ticked, 'change')}` : `Approve ${count(ticked, 'change')}`
  const approve = (): void => {
    if (ready && !busy) onApprove(final > 0)
  }
  useActions([
    {
      id: 'approval.approve',
      name: words,
      group: 'This page',
      icon: GLYPH.approval,
      shortcut: 'mod+enter',
      aliases: ['a'],
      when: ready && !busy,
      perform: approve,
    },
    {
      id: 'approval.refuse',
      name: 'Refuse',
      group: 'This page',
      icon: X,
      shortcut: 'r',
      when: !busy,
      grave: true,
      perform: () => setRefusing(true),
    },
  ])
  return (
    <footer className="flex shrink-0 flex-wrap items-center justify-end gap-2 border-t border-line bg-surface px-4 py-2.5 phone:px-3">
      {blocked !== undefined ? (
        <p role="alert" className="mr-auto flex items-center gap-1.5 text-remove">
          <Icon of={GLYPH.warning} size={14} />
          {blocked}
        </p>
      ) : null}
      {final > 0 && blocked === undefined ? (
        <label className="mr-auto flex items-center gap-2 rounded-control bg-final-soft px-2.5 py-1.5 text-final phone:w-full">
          <Check checked={accepted} onChange={setAccepted} label={`I understand that ${count(final, 'change')} cannot be undone`} />
          <Icon of={GLYPH.final} size={14} />
          <span>
            <b className="font-semibold">{number(final)} final.</b> I understand that {final === 1 ? 'this change' : 'these changes'} cannot
            be undone.
          </span>
        </label>
      ) : null}
      <Button large keys="r" disabled={busy} onClick={() => setRefusing(true)} className="phone:shrink-0">
        {undo ? 'Leave it' : 'Refuse'}
      </Button>
      <span className="contents phone:hidden">{extra}</span>
      <Button
        large
        tone={final > 0 ? 'final' : 'accent'}
        icon={undo ? GLYPH.undo : Tick}
        keys="mod+enter"
        busy={busy}
        disabled={!ready}
        onClick={approve}
        className="phone:flex-1"
      >
        {words}
      </Button>
      <RefuseDialog open={refusing} onOpenChange={setRefusing} busy={busy} offers={offers} onRefuse={onRefuse} />
    </footer>
  )
}

import type { RunStep } from '@life-os/contract'
import { Check, Circle, CircleAlert, CircleHelp, Loader, Minus } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { Icon } from '../icon.tsx'

const STATE: Record<RunStep['state'], { icon: LucideIcon; style: string; word: string }> = {
  pending: { icon: Circle, style: 'text-ghost', word: 'not yet' },
  running: { icon: Loader, style: 'text-accent-text spin', word: 'running' },
  waiting: { icon: CircleHelp, style: 'text-change', word: 'waiting' },
  uncertain: { icon: CircleHelp, style: 'text-change', word: 'outcome unknown' },
  done: { icon: Check, style: 'text-add', word: 'done' },
  skipped: { icon: Minus, style: 'text-ghost', word: 'skipped' },
  failed: { icon: CircleAlert, style: 'text-remove', word: 'failed' },
  continued: { icon: CircleAlert, style: 'text-change', word: 'failed, went on' },
}
export const stepWord = (state: RunStep['state']): string => STATE[state].word

export function StepState({ state }: { state: RunStep['state'] }) {
  const { icon, style, word } = STATE[state]
  return (
    <span title={word} className="flex shrink-0">
      <Icon of={icon} size={14} className={style} />
      <span className="sr-only">{word}</span>
    </span>
  )
}

import type { RunEvent } from '@life-os/contract'
import { budgetWords } from '../../components/runs/budget-words.ts'
import { duration } from '../../lib/format.ts'

/** What an entry says, beyond its type and step. */
export function eventWords(event: RunEvent): string {
  switch (event.type) {
    case 'run-started':
      return `epoch ${event.epoch}`
    case 'run-paused':
    case 'run-resumed':
      return `by ${event.by}`
    case 'run-finished':
      return event.error ? `${event.state}: ${event.error.message}` : event.state
    case 'run-waiting':
      return ''
    case 'step-started':
      return event.count === undefined ? '' : `${event.count} items`
    case 'step-finished':
    case 'wait-finished':
      return ''
    case 'step-skipped':
      return event.reason
    case 'step-failed':
      return event.error.message
    case 'step-reset':
      return 'will be made again'
    case 'try-started':
      return event.try > 1 ? `${event.tool}, try ${event.try}` : event.tool
    case 'try-finished':
      return event.cost.time > 0 ? duration(event.cost.time) : ''
    case 'try-failed':
      return event.error.message
    case 'try-uncertain':
      return event.reason
    case 'effect-started':
      return event.change.summary
    case 'effect-finished':
      return event.change?.summary ?? ''
    case 'effect-reconciled':
      return `applied: ${event.applied}`
    case 'approval-requested':
      return ''
    case 'approval-answered':
      return `${event.answer} by ${event.by}${event.reason ? `: ${event.reason}` : ''}`
    case 'wait-started':
      return event.event ?? ''
    case 'budget-reserved':
      return `${event.cost.steps} steps`
    case 'budget-raised':
      return `${budgetWords(event.more)} more, by ${event.by}`
    case 'warning-noted':
      return event.message
    case 'page-shown':
      return `${event.did}: ${event.url}`
  }
}

export function eventTone(event: RunEvent): string {
  if (event.type === 'step-failed' || event.type === 'try-failed' || (event.type === 'run-finished' && event.state === 'failed'))
    return 'text-remove'
  if (event.type === 'try-uncertain' || event.type === 'warning-noted' || event.type.startsWith('approval')) return 'text-change'
  if (event.type.startsWith('effect')) return 'text-accent-text'
  if (event.type === 'run-finished' || event.type === 'step-finished') return 'text-add'
  return 'text-ink-soft'
}

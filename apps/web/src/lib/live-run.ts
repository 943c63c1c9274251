import type { ErrorShape, JournalEntry, ProgressNote } from '@life-os/contract'

export type LiveState = 'doing' | 'done' | 'failed'
export type StepState = 'pending' | 'running' | 'waiting' | 'uncertain' | 'done' | 'skipped' | 'failed' | 'continued'

/** What the page knows of a run while its journal streams in: a pure fold over entries. */
export interface LiveRun {
  seq: number
  /** By change id, `<step path>#<number>`. */
  changes: ReadonlyMap<string, LiveState>
  done: number
  /** By step as the plan names it, without indexes: how many instances are in which state. */
  steps: ReadonlyMap<string, Readonly<Record<StepState, number>>>
  /** The effect in flight that began last, in words. */
  now: string | null
  note: string | null
  error: { path: string; error: ErrorShape } | null
  ended: boolean
  /** Private to the fold. */
  open: Book
}
interface Book {
  effects: ReadonlyMap<string, { change: string; summary: string }>
  numbers: ReadonlyMap<string, number>
  instances: ReadonlyMap<string, StepState>
}

export const EMPTY_LIVE: LiveRun = {
  seq: 0, changes: new Map(), done: 0, steps: new Map(), now: null, note: null, error: null, ended: false,
  open: { effects: new Map(), numbers: new Map(), instances: new Map() },
}
const NO_STEPS: Record<StepState, number> = { pending: 0, running: 0, waiting: 0, uncertain: 0, done: 0, skipped: 0, failed: 0, continued: 0 }

/** The step a plan names, for an instance's path: `sort[3].move` is `sort.move`. */
export const planStep = (path: string): string => path.replace(/\[\d+\]/g, '')

/** Folds a batch of entries; what was seen before is passed over, so that a replay changes nothing. */
export function foldEntries(live: LiveRun, entries: readonly JournalEntry[]): LiveRun {
  const fresh = entries.filter((entry) => entry.seq > live.seq)
  if (fresh.length === 0) return live
  const draft = {
    changes: new Map(live.changes), effects: new Map(live.open.effects), numbers: new Map(live.open.numbers),
    instances: new Map(live.open.instances), steps: new Map(live.steps), error: live.error, ended: live.ended, seq: live.seq,
  }
  const setStep = (path: string, state: StepState): void => {
    const name = planStep(path)
    const counts = { ...(draft.steps.get(name) ?? NO_STEPS) }
    const before = draft.instances.get(path)
    if (before) counts[before]--
    counts[state]++
    draft.steps.set(name, counts)
    draft.instances.set(path, state)
  }
  for (const { seq, event } of fresh) {
    draft.seq = Math.max(draft.seq, seq)
    switch (event.type) {
      case 'step-started': setStep(event.path, 'running'); break
      case 'step-finished': setStep(event.path, 'done'); break
      case 'step-skipped': setStep(event.path, 'skipped'); break
      case 'step-failed':
        setStep(event.path, event.continued ? 'continued' : 'failed')
        if (!event.continued) draft.error = { path: event.path, error: event.error }
        break
      case 'step-reset': setStep(event.path, 'pending'); draft.error = null; break
      case 'try-started': draft.numbers.set(event.path, 0); setStep(event.path, 'running'); break
      case 'try-failed':
        for (const [id, effect] of draft.effects) {
          if (!effect.change.startsWith(`${event.path}#`)) continue
          draft.changes.set(effect.change, 'failed')
          draft.effects.delete(id)
        }
        break
      case 'try-uncertain': setStep(event.path, 'uncertain'); break
      case 'effect-started': {
        const next = draft.numbers.get(event.path) ?? 0
        draft.numbers.set(event.path, next + 1)
        const change = `${event.path}#${next}`
        draft.effects.set(event.effect, { change, summary: event.change.summary })
        draft.changes.set(change, 'doing')
        break
      }
      case 'effect-finished': finishEffect(draft, event.effect, 'done'); break
      case 'effect-reconciled': finishEffect(draft, event.effect, event.applied === 'yes' ? 'done' : 'failed'); break
      case 'approval-requested': if (event.path) setStep(event.path, 'waiting'); break
      case 'approval-answered': if (event.path) setStep(event.path, event.answer === 'refused' || event.answer === 'stop' ? 'failed' : 'running'); break
      case 'wait-started': setStep(event.path, 'waiting'); break
      case 'wait-finished': setStep(event.path, 'done'); break
      case 'run-started': case 'run-resumed': draft.ended = false; break
      case 'run-finished': draft.ended = true; break
      case 'run-waiting': case 'run-paused': case 'try-finished': case 'budget-reserved': case 'warning-noted': break
    }
  }
  let done = 0
  for (const state of draft.changes.values()) if (state === 'done') done++
  const now = [...draft.effects.values()].at(-1)?.summary ?? (draft.ended ? null : live.now)
  return {
    seq: draft.seq, changes: draft.changes, done, steps: draft.steps, now, note: live.note, error: draft.error, ended: draft.ended,
    open: { effects: draft.effects, numbers: draft.numbers, instances: draft.instances },
  }
}

function finishEffect(draft: { changes: Map<string, LiveState>; effects: Map<string, { change: string; summary: string }> }, effect: string, state: LiveState): void {
  const known = draft.effects.get(effect)
  if (!known) return
  draft.changes.set(known.change, state)
  draft.effects.delete(effect)
}

/** A tool's own words about what it is doing. */
export function foldNote(live: LiveRun, note: ProgressNote): LiveRun {
  const message = note.data['message'] ?? note.data['text']
  return note.type === 'progress' && typeof message === 'string' ? { ...live, note: message } : live
}

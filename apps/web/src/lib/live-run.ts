import type { Change, ErrorShape, JournalEntry, ProgressNote } from '@life-os/contract'
import { NO_CONSOLE, appendOutput } from './console.ts'
import type { Console } from './console.ts'

export type LiveState = 'doing' | 'done' | 'failed'
export type StepState = 'pending' | 'running' | 'waiting' | 'uncertain' | 'done' | 'skipped' | 'failed' | 'continued'

/** What the page knows of a run while its journal streams in: a pure fold over entries. */
export interface LiveRun {
  seq: number
  /** By what is changed ({@link changeKey}): side by side steps may number their effects otherwise than the preview did. */
  changes: ReadonlyMap<string, LiveState>
  done: number
  /** By step as the plan names it, without indexes: how many instances are in which state. */
  steps: ReadonlyMap<string, Readonly<Record<StepState, number>>>
  /** The effect in flight that began last, in words. */
  now: string | null
  note: string | null
  /** What commands write while they run. */
  console: Console
  error: { path: string; error: ErrorShape } | null
  ended: boolean
  /** Private to the fold. */
  open: Book
}
interface OpenEffect {
  change: string
  path: string
  summary: string
}
interface Book {
  effects: ReadonlyMap<string, OpenEffect>
  instances: ReadonlyMap<string, StepState>
}

export const EMPTY_LIVE: LiveRun = {
  seq: 0,
  changes: new Map(),
  done: 0,
  steps: new Map(),
  now: null,
  note: null,
  console: NO_CONSOLE,
  error: null,
  ended: false,
  open: { effects: new Map(), instances: new Map() },
}
const NO_STEPS: Record<StepState, number> = {
  pending: 0,
  running: 0,
  waiting: 0,
  uncertain: 0,
  done: 0,
  skipped: 0,
  failed: 0,
  continued: 0,
}

/** What a change changes, in one text: the same in a preview and in the journal. */
export function changeKey(change: Change): string {
  switch (change.kind) {
    case 'file-move':
    case 'file-copy':
      return `${change.kind}|${change.from}|${change.to}`
    case 'file-write':
    case 'file-remove':
    case 'folder-make':
      return `${change.kind}|${change.path}`
    case 'request-send':
      return `${change.kind}|${change.method}|${change.url}`
    case 'command-run':
      return `${change.kind}|${change.cwd ?? ''}|${[change.program, ...change.args].join('\0')}|${change.script ?? ''}`
    case 'page-act':
      return `${change.kind}|${change.url}|${change.target}`
    case 'effect-restore':
      return `${change.kind}|${change.effect}`
  }
}

/** The step a plan names, for an instance's path: `sort[3].move` is `sort.move`. */
export const planStep = (path: string): string => path.replace(/\[\d+\]/g, '')

/** Folds a batch of entries; what was seen before is passed over, so that a replay changes nothing. */
export function foldEntries(live: LiveRun, entries: readonly JournalEntry[]): LiveRun {
  const fresh = entries.filter((entry) => entry.seq > live.seq)
  if (fresh.length === 0) return live
  const draft = {
    changes: new Map(live.changes),
    effects: new Map(live.open.effects),
    instances: new Map(live.open.instances),
    steps: new Map(live.steps),
    error: live.error,
    ended: live.ended,
    seq: live.seq,
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
      case 'step-started':
        setStep(event.path, 'running')
        break
      case 'step-finished':
        setStep(event.path, 'done')
        break
      case 'step-skipped':
        setStep(event.path, 'skipped')
        break
      case 'step-failed':
        setStep(event.path, event.continued ? 'continued' : 'failed')
        if (!event.continued) draft.error = { path: event.path, error: event.error }
        break
      case 'step-reset':
        setStep(event.path, 'pending')
        draft.error = null
        break
      case 'try-started':
        setStep(event.path, 'running')
        break
      case 'try-failed':
        for (const [id, effect] of draft.effects) {
          if (effect.path !== event.path) continue
          draft.changes.set(effect.change, 'failed')
          draft.effects.delete(id)
        }
        break
      case 'try-uncertain':
        setStep(event.path, 'uncertain')
        break
      case 'effect-started': {
        const change = changeKey(event.change)
        draft.effects.set(event.effect, { change, path: event.path, summary: event.change.summary })
        draft.changes.set(change, 'doing')
        break
      }
      case 'effect-finished':
        finishEffect(draft, event.effect, 'done')
        break
      case 'effect-reconciled':
        finishEffect(draft, event.effect, event.applied === 'yes' ? 'done' : event.applied === 'unknown' ? 'failed' : null)
        break
      case 'approval-requested':
        if (event.path) setStep(event.path, 'waiting')
        break
      case 'approval-answered':
        if (event.path) setStep(event.path, event.answer === 'refused' || event.answer === 'stop' ? 'failed' : 'running')
        break
      case 'wait-started':
        setStep(event.path, 'waiting')
        break
      case 'wait-finished':
        setStep(event.path, 'done')
        break
      case 'run-started':
      case 'run-resumed':
        draft.ended = false
        break
      case 'run-finished':
        draft.ended = true
        break
      case 'try-finished':
        if (event.last) setStep(event.path, 'done')
        break
      case 'run-waiting':
      case 'run-paused':
      case 'budget-reserved':
      case 'budget-raised':
      case 'warning-noted':
      case 'page-shown':
        break
    }
  }
  let done = 0
  for (const state of draft.changes.values()) if (state === 'done') done++
  const now = [...draft.effects.values()].at(-1)?.summary ?? (draft.ended ? null : live.now)
  return {
    seq: draft.seq,
    changes: draft.changes,
    done,
    steps: draft.steps,
    now,
    note: live.note,
    console: live.console,
    error: draft.error,
    ended: draft.ended,
    open: { effects: draft.effects, instances: draft.instances },
  }
}

/** `null`: it turned out not to be needed, for example a folder that another step had just made. */
function finishEffect(
  draft: { changes: Map<string, LiveState>; effects: Map<string, OpenEffect> },
  effect: string,
  state: LiveState | null,
): void {
  const known = draft.effects.get(effect)
  if (!known) return
  draft.effects.delete(effect)
  if (state !== null) draft.changes.set(known.change, state)
  else if (draft.changes.get(known.change) === 'doing') draft.changes.delete(known.change)
}

/** A tool's own words about what it is doing, or what its command wrote. */
export function foldNote(live: LiveRun, note: ProgressNote): LiveRun {
  const { text, stream } = note.data
  if (note.type === 'text-delta')
    return typeof text === 'string'
      ? { ...live, console: appendOutput(live.console, /err/.test(String(stream)) ? 'error' : 'out', text) }
      : live
  const message = note.data['message'] ?? text
  return note.type === 'progress' && typeof message === 'string' ? { ...live, note: message } : live
}

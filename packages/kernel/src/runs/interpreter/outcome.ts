import { LifeOsError, errorShape, type ErrorShape, type Labels } from '@life-os/contract'

/** How a step came out. Flow is data: only programmer errors are thrown. */
export type Outcome =
  | { kind: 'value'; value: unknown; labels: Labels }
  /** Known only after apply (previews). `value` may hold the parts that are known, with UNKNOWN for the others. */
  | { kind: 'unknown'; labels: Labels; value?: unknown }
  | { kind: 'failed'; error: ErrorShape; path: string; labels: Labels; rollback?: boolean }
  /** Waits for a person, a time or an event, or the run is being paused or stopped: nothing is held. */
  | { kind: 'suspended' }

export const SUSPENDED: Outcome = { kind: 'suspended' }

export function valueOutcome(value: unknown, labels: Labels): Outcome {
  return { kind: 'value', value, labels }
}

export function failedOutcome(path: string, thrown: unknown, labels: Labels): Outcome {
  return { kind: 'failed', error: errorShape(thrown), path, labels }
}

export function failWith(path: string, code: string, message: string, labels: Labels): Outcome {
  return failedOutcome(path, new LifeOsError(code, message), labels)
}

/** Failures that end whatever they arise in: no handler and no agent goes on after them. */
export const NEVER_CAUGHT: ReadonlySet<string> = new Set(['budget-exceeded', 'emergency-stop', 'run-fenced'])

import { LifeOsError, type ErrorShape, type Labels } from '@life-os/contract'
import type { Turn, CallResult } from './types.ts'

const DETAILS_MOST = 4000 // characters

export function succeeded(output: unknown, labels: Labels): CallResult {
  return { output, failed: false, labels }
}

/** A failure as the model is told of it: its code, a sentence that says what to do, and what did not fit. */
export function failedWith(error: Pick<ErrorShape, 'code' | 'message' | 'details'>, labels: Labels): CallResult {
  const faults: unknown = error.details?.['faults']
  const told = faults === undefined ? undefined : JSON.stringify(faults).slice(0, DETAILS_MOST)
  return {
    output: { error: error.code, message: error.message, ...(told !== undefined && { faults: told }) },
    failed: true,
    code: error.code,
    labels,
  }
}

/** A call that is not made. The journal has it, so that the page shows it, and a restart says the same. */
export function notMade(
  { world, frame }: Turn,
  path: string,
  code: string,
  message: string,
  details: Record<string, unknown> = {},
): CallResult {
  const error = new LifeOsError(code, message, { applied: 'no', details }).toShape()
  world.note({ type: 'step-failed', path, error, continued: true, labels: [...frame.labels] })
  return failedWith(error, frame.labels)
}

import { setTimeout as wait } from 'node:timers/promises'

/** Milliseconds that a page may take to answer a plain question. */
const PATIENCE = 3000

/**
 * What a page answers in time, else `otherwise`. A frame that was blocked has nothing to answer with and never does, and the
 * driver knows no time limit for evaluating.
 */
export function within<Value, Otherwise>(answer: Promise<Value>, otherwise: Otherwise, patience = PATIENCE): Promise<Value | Otherwise> {
  const caught = answer.catch(() => otherwise)
  return Promise.race([caught, wait(patience, otherwise, { ref: false })])
}

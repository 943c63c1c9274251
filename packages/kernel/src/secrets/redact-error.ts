import { inspect } from 'node:util'
import { LifeOsError, errorShape } from '@life-os/contract'
import type { Redactor } from './types.ts'

/** The same failure without known values; its cause is left behind where something was found, since nobody can clean that. */
export function redactedError(thrown: unknown, redactor: Redactor): unknown {
  if (!redactor.active) return thrown
  const shape = errorShape(thrown)
  const clean = redactor.value(shape)
  if (clean === shape && redactor.text(whole(thrown)) === whole(thrown)) return thrown
  return new LifeOsError(clean.code, clean.message, clean)
}

/** With its stack, its causes and whatever fields they have, as a logger would print it. */
const whole = (thrown: unknown): string => inspect(thrown, { depth: 8, maxStringLength: null })

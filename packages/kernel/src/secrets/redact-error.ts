import { LifeOsError, errorShape } from '@life-os/contract'
import type { Redactor } from './types.ts'

/** The same failure without known values; its cause is left behind where something was found, since nobody can clean that. */
export function redactedError(thrown: unknown, redactor: Redactor): unknown {
  if (!redactor.active) return thrown
  const shape = errorShape(thrown)
  const clean = redactor.value(shape)
  const { message, stack, cause } = thrown instanceof Error ? thrown : {}
  const whole = `${message ?? ''}\n${stack ?? ''}\n${causeText(cause)}`
  if (clean === shape && redactor.text(whole) === whole) return thrown
  return new LifeOsError(clean.code, clean.message, clean)
}

/** Messages and stacks down the chain of causes, as a logger would print them. */
function causeText(cause: unknown, depth = 0): string {
  if (!(cause instanceof Error) || depth > 8) return ''
  return `${cause.message}\n${cause.stack ?? ''}\n${causeText(cause.cause, depth + 1)}`
}

import { z } from 'zod'

/** `user`: mend the input. `operational`: the world failed, trying again may help. `unexpected`: a fault in Life-OS. */
export const ErrorClass = z.enum(['user', 'operational', 'unexpected'])
export type ErrorClass = z.infer<typeof ErrorClass>

/** Whether the effect of a failed call happened. Only `no` makes a call that is not idempotent safe to repeat. */
export const Applied = z.enum(['no', 'yes', 'unknown'])
export type Applied = z.infer<typeof Applied>

/** The wire form of every failure: a stable code and a sentence that says what to do. */
export const ErrorShape = z.object({
  code: z.string(),
  class: ErrorClass,
  message: z.string(),
  applied: Applied.optional(),
  details: z.record(z.string(), z.unknown()).optional(),
})
export type ErrorShape = z.infer<typeof ErrorShape>

export interface LifeOsErrorOptions {
  class?: ErrorClass
  applied?: Applied
  details?: Record<string, unknown>
  cause?: unknown
}

/** The one base error. `code` is stable and pinned by a test; `message` tells a person what to do. */
export class LifeOsError extends Error {
  readonly code: string
  readonly class: ErrorClass
  readonly applied: Applied | undefined
  readonly details: Record<string, unknown> | undefined

  constructor(code: string, message: string, options: LifeOsErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'LifeOsError'
    this.code = code
    this.class = options.class ?? 'user'
    this.applied = options.applied
    this.details = options.details
  }

  toShape(): ErrorShape {
    return {
      code: this.code,
      class: this.class,
      message: this.message,
      ...(this.applied && { applied: this.applied }),
      ...(this.details && { details: this.details }),
    }
  }
}

/** The shape of anything thrown; what is not a LifeOsError becomes `unexpected` and keeps its message, never its stack. */
export function errorShape(thrown: unknown): ErrorShape {
  if (thrown instanceof LifeOsError) return thrown.toShape()
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return { code: 'unexpected', class: 'unexpected', message }
}

/** Turns a shape that crossed a process or network back into an error. */
export function errorFromShape(shape: ErrorShape): LifeOsError {
  return new LifeOsError(shape.code, shape.message, shape)
}

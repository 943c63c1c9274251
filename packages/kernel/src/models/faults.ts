import { LifeOsError } from '@life-os/contract'

/** Codes of a provider's failures after which another model may be asked. Not a request that is wrong in itself, nor one refused for its content. */
const PASSABLE: ReadonlySet<string> = new Set([
  'model-unauthorised',
  'model-missing',
  'model-timeout',
  'model-rate-limited',
  'model-overloaded',
  'model-failed',
  'model-unreachable',
  'model-cut-off',
  'model-invalid',
  'model-resting',
  'model-budget',
  'budget-exceeded',
])
export const mayPass = (error: unknown): error is LifeOsError => error instanceof LifeOsError && PASSABLE.has(error.code)

/** Failures that speak of the provider and not of the request: after several in a row it rests. */
const OUTAGE: ReadonlySet<string> = new Set(['model-unreachable', 'model-overloaded', 'model-failed', 'model-timeout', 'model-cut-off'])
export const isOutage = (error: unknown): boolean => error instanceof LifeOsError && OUTAGE.has(error.code)

/** Failures that the same provider may not have again a moment later. A time-out has been waited for long enough. */
const PASSING: ReadonlySet<string> = new Set([
  'model-rate-limited',
  'model-overloaded',
  'model-failed',
  'model-unreachable',
  'model-cut-off',
  'model-invalid',
])
export const isPassing = (error: unknown): error is LifeOsError =>
  error instanceof LifeOsError && PASSING.has(error.code) && !isMisfit(error)

/** An answer that came whole and does not fit its schema: the very same request would be answered much the same. */
export const isMisfit = ({ code, details }: LifeOsError): boolean => code === 'model-invalid' && details?.['faults'] !== undefined

export function retryAfterOf(error: unknown): number | null {
  const given = error instanceof LifeOsError ? error.details?.['retryAfter'] : undefined
  return typeof given === 'number' && Number.isFinite(given) && given >= 0 ? given : null
}

/** What is no error of ours is one of the provider's client: said so, and taken as possibly paid. */
export function modelFault(error: unknown): LifeOsError {
  if (error instanceof LifeOsError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new LifeOsError('model-failed', `The provider's answer could not be used: ${message}`, {
    class: 'operational',
    applied: 'unknown',
    cause: error,
  })
}

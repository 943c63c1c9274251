import { LifeOsError } from '@life-os/contract'
import type { CircuitBreakerPolicy, BulkheadPolicy } from 'cockatiel'
import type { Pauses } from './deps.ts'
import { isOutage, isPassing, retryAfterOf } from './faults.ts'

/** Stands before one provider: at most so many calls at once, repetition of what may pass, rest after failing again and again. */
export interface Guard {
  /**
   * `attempt` is made again while its failure may pass and `mayRepeat` says so: never twice after one that was possibly paid.
   * Errors: those of the attempt; `model-resting`, `model-overloaded` when nothing was asked.
   */
  run<T>(attempt: () => Promise<T>, options: { signal: AbortSignal; mayRepeat(): boolean }): Promise<T>
  /** When it is asked again, UTC milliseconds; null while it does not rest. */
  restsUntil(): number | null
}

const FAILURES_IN_A_ROW = 5
const REPETITIONS = 2
/** A machine's own server answers one after the other anyway; what waits is not lost. */
const AT_ONCE = { local: 2, cloud: 8 }
const WAITING = 200

interface Policies {
  breaker: CircuitBreakerPolicy
  bulkhead: BulkheadPolicy
  cockatiel: typeof import('cockatiel')
}

export function createGuard(options: { local: boolean; pauses: Pauses; now(): number; name: string }): Guard {
  const { pauses, now, name } = options
  let policies: Promise<Policies> | undefined
  let breakerUntil: number | null = null
  let askedToWaitUntil: number | null = null
  const made = () => (policies ??= makePolicies(options, (until) => void (breakerUntil = until)))

  const once = async <T>({ breaker, bulkhead, cockatiel }: Policies, attempt: () => Promise<T>, signal: AbortSignal): Promise<T> => {
    try {
      return await bulkhead.execute(() => {
        signal.throwIfAborted() // it may have waited for its place
        return breaker.execute(attempt)
      })
    } catch (error) {
      if (cockatiel.isBrokenCircuitError(error)) throw resting(name)
      if (cockatiel.isBulkheadRejectedError(error))
        throw new LifeOsError('model-overloaded', `Too many calls wait for ${name}. Try again in a moment.`, {
          class: 'operational',
          applied: 'no',
        })
      throw error
    }
  }

  return {
    restsUntil() {
      const until = Math.max(breakerUntil ?? 0, askedToWaitUntil ?? 0)
      return until > now() ? until : null
    },
    async run(attempt, { signal, mayRepeat }) {
      const set = await made()
      let paid = false
      let busy = false
      const counted = async () => {
        busy = true
        return attempt().finally(() => {
          busy = false
        })
      }
      const again = (error: unknown): boolean => {
        if (signal.aborted || !isPassing(error) || (options.local && error.code === 'model-unreachable')) return false // a server of this machine that is not there will not be there in a second
        const asked = retryAfterOf(error)
        if (asked !== null && asked > pauses.patience) {
          askedToWaitUntil = now() + asked
          return false
        }
        const first = !paid
        if (error.applied !== 'no') paid = true
        return mayRepeat() && (error.applied === 'no' || first) && error.code !== 'model-resting'
      }
      const policy = set.cockatiel.retry(set.cockatiel.handleWhen(again), {
        maxAttempts: REPETITIONS,
        backoff: new set.cockatiel.DelegateBackoff(({ attempt: count, result }) =>
          pauseBefore(count, 'error' in result ? result.error : null, pauses),
        ),
      })
      return unlessAborted(
        policy.execute(() => once(set, counted, signal), signal),
        signal,
        () => !busy,
      )
    },
  }
}

/** What the provider asked for, else doubled with a spread so that callers do not come back all at once. */
function pauseBefore(count: number, error: unknown, { retry }: Pauses): number {
  return retryAfterOf(error) ?? retry * 2 ** (count - 1) * (0.75 + Math.random() / 2)
}

async function makePolicies(
  { local, pauses, now }: { local: boolean; pauses: Pauses; now(): number },
  onRest: (until: number | null) => void,
): Promise<Policies> {
  const cockatiel = await import('cockatiel')
  const breaker = cockatiel.circuitBreaker(cockatiel.handleWhen(isOutage), {
    halfOpenAfter: pauses.rest,
    breaker: new cockatiel.ConsecutiveBreaker(FAILURES_IN_A_ROW),
  })
  breaker.onBreak(() => onRest(now() + pauses.rest))
  breaker.onReset(() => onRest(null))
  return { breaker, bulkhead: cockatiel.bulkhead(local ? AT_ONCE.local : AT_ONCE.cloud, WAITING), cockatiel }
}

const resting = (name: string): LifeOsError =>
  new LifeOsError(
    'model-resting',
    `${name} failed again and again and is left alone for a moment. Try again soon, or choose another model.`,
    {
      class: 'operational',
      applied: 'no',
    },
  )

/** Who is stopped waits for no place and no pause; an attempt on its way ends by itself, with its record. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal, isWaiting: () => boolean): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const stop = (): void => {
    if (isWaiting()) reject(signal.reason as Error) // an AbortSignal's reason is thrown as it is
  }
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  work.then(resolve, reject)
  return promise.finally(() => signal.removeEventListener('abort', stop))
}

import { LifeOsError, type Capability, type Model, type TokenUsage } from '@life-os/contract'
import { costOf } from './prices.ts'
import { modelFault } from './faults.ts'
import type { Ledger } from './ledger.ts'
import type { ProviderEntry } from './provider-entry.ts'
import type { ModelCall } from './types.ts'

const NOTHING = { tokens: 0, micros: 0 }
const NO_TOKENS: TokenUsage = { input: 0, output: 0, cached: 0, reasoning: 0 }

export interface Paid<T> {
  value: T
  usage: TokenUsage
  micros: number
}
export interface PaidWork {
  model: Model
  entry: ProviderEntry
  capability: Capability
  call: ModelCall
  worst: { tokens: number; micros: number }
  /** Silence of the provider that ends the attempt, milliseconds. */
  timeout: number
}
export interface Attempt<T> {
  value: T
  /** As the provider counted; all zero where it does not tell. */
  usage: TokenUsage
  /** Used where it does not tell. */
  estimate: TokenUsage
  firstToken: number | null
  /** What is wrong with an answer that came whole: it is settled as counted, recorded with this code and thrown. */
  fault?: LifeOsError | undefined
}

/**
 * One attempt: reserves of the run and of the budgets, writes the record, asks, settles. What failed and was possibly paid
 * stays counted at its reservation. `alive` is called by the work at each sign of the provider.
 */
export async function paidAttempt<T>(
  { ledger, now, warn }: { ledger: Ledger; now(): number; warn(data: object, message: string): void },
  { model, entry, capability, call, worst, timeout }: PaidWork,
  work: (signal: AbortSignal, alive: () => void) => Promise<Attempt<T>>,
): Promise<Paid<T>> {
  const held = await call.account?.reserve(worst)
  const open = await ledger.open({ model: model.ref, capability, asker: call.asker, worst }).catch((error: unknown) => {
    held?.settle(NOTHING)
    throw error
  })
  const started = now()
  const settle = (end: { outcome: string; usage: TokenUsage; micros: number | undefined; firstToken: number | null }) =>
    open
      .settle({ ...end, latency: now() - started })
      .catch((error: unknown) => warn({ model: model.ref, error: String(error) }, 'a call of a model was not settled'))
  const silence = createSilence(timeout)
  let misfit: LifeOsError | undefined
  try {
    const { value, usage: counted, estimate, firstToken, fault } = await work(AbortSignal.any([call.signal, silence.signal]), silence.alive)
    const usage = counted.input === 0 && counted.output === 0 ? estimate : counted
    const micros = costOf(model.price, usage)
    held?.settle({ tokens: usage.input + usage.output, micros })
    misfit = fault
    await settle({ outcome: fault?.code ?? 'done', usage, micros, firstToken })
    entry.heard(null)
    if (fault) throw fault
    return { value, usage, micros }
  } catch (error) {
    if (misfit && error === misfit) throw misfit // settled above
    const cancelled = call.signal.aborted
    const fault = !cancelled && silence.signal.aborted ? silent(entry, timeout) : modelFault(error)
    const paid = cancelled || fault.applied !== 'no'
    held?.settle(paid ? worst : NOTHING)
    await settle({ outcome: cancelled ? 'cancelled' : fault.code, usage: NO_TOKENS, micros: paid ? undefined : 0, firstToken: null })
    if (cancelled) throw call.signal.reason
    entry.heard(fault)
    throw fault
  } finally {
    silence.end()
  }
}

const silent = ({ config }: ProviderEntry, timeout: number): LifeOsError =>
  new LifeOsError(
    'model-timeout',
    `${config.name} said nothing for ${Math.round(timeout / 1000)} seconds. Try again, or raise the timeout in the settings of models.`,
    {
      class: 'operational',
      applied: 'unknown',
    },
  )

/** Ends what has been silent for too long; a slow model that goes on writing is left alone. */
function createSilence(timeout: number): { signal: AbortSignal; alive(): void; end(): void } {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(new Error('the provider is silent')), timeout)
  return { signal: controller.signal, alive: () => void timer.refresh(), end: () => clearTimeout(timer) }
}

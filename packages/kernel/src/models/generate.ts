import { LifeOsError, type GenerateAnswer, type GenerateRequest, type Model } from '@life-os/contract'
import type { ResultCache } from './cache.ts'
import type { Catalogue } from './catalogue.ts'
import type { ModelsDeps } from './deps.ts'
import { capabilitiesOf, inputTokens, textTokens, worstOf } from './estimate.ts'
import { isMisfit, mayPass } from './faults.ts'
import type { Ledger } from './ledger.ts'
import { paidAttempt, type Paid } from './paid-call.ts'
import type { ProviderAnswer } from './providers/types.ts'
import { faultsOf } from '../schemas/index.ts'
import type { Router } from './router.ts'
import type { ModelCall } from './types.ts'

export interface Calling {
  deps: ModelsDeps
  router: Router
  catalogue: Catalogue
  ledger: Ledger
  cache: ResultCache
}
export type Passed = GenerateAnswer['passed']

/**
 * Routes and asks: the first that serves, then the next on a failure that allows it. Once text has reached the caller no
 * other model and no repetition takes over, since what was shown cannot be taken back: the call fails with
 * `details.streamed`, and whoever asked decides.
 */
export async function generate(calling: Calling, given: GenerateRequest, call: ModelCall): Promise<GenerateAnswer> {
  const { deps, router, cache } = calling
  const request = { ...given, messages: deps.redactor?.value(given.messages) ?? given.messages }
  const serving = await router.serving({
    model: request.model,
    capabilities: capabilitiesOf(request),
    asker: call.asker,
    labels: call.labels,
    tokens: inputTokens(request),
    cost: (model) => worstOf(request, model).micros,
  })
  return inOrder(serving, async (model, passed) => {
    call.signal.throwIfAborted()
    const kept = await cache.find(request, model.ref, call.labels)
    if (kept) return fromCache(calling, kept, call, passed)
    const { value, usage, micros } = await ask(calling, model, request, call)
    const { text, calls, object, finish } = value
    const { budgets } = await router.settings()
    const answer: GenerateAnswer = {
      text,
      calls,
      ...(object !== undefined && { object }),
      finish,
      usage,
      micros,
      currency: budgets.currency,
      model: model.ref,
      local: model.local,
      cached: false,
      passed: [],
    }
    await cache
      .keep(request, call.labels, answer)
      .catch((error: unknown) => deps.logger.warn({ error: String(error) }, 'an answer was not kept'))
    return { ...answer, passed }
  })
}

/** Asks one after the other; a failure that does not allow another model, or the last one, is thrown with what was passed. */
export async function inOrder<T>(serving: readonly Model[], ask: (model: Model, passed: Passed) => Promise<T>): Promise<T> {
  const passed: Passed = []
  for (const [index, model] of serving.entries()) {
    try {
      return await ask(model, passed)
    } catch (error) {
      if (!mayPass(error) || error.details?.['streamed'] === true) throw error
      if (index === serving.length - 1) throw passed.length === 0 ? error : withPassed(error, passed)
      passed.push({ model: model.ref, code: error.code, message: error.message })
    }
  }
  throw new LifeOsError('model-none', 'No model serves this call.') // `serving` is never empty
}

const withPassed = (error: LifeOsError, passed: Passed): LifeOsError =>
  new LifeOsError(error.code, error.message, {
    class: error.class,
    ...(error.applied && { applied: error.applied }),
    details: { ...error.details, passed },
    cause: error.cause,
  })

async function fromCache({ deps, ledger }: Calling, kept: GenerateAnswer, call: ModelCall, passed: Passed): Promise<GenerateAnswer> {
  await ledger
    .noteCached({ model: kept.model, capability: 'text', asker: call.asker }, 0)
    .catch((error: unknown) => deps.logger.warn({ error: String(error) }, 'an answer from the cache was not noted'))
  if (kept.text !== '') call.onText?.(kept.text)
  return { ...kept, passed }
}

/** All attempts at one model. */
export async function ask(calling: Calling, model: Model, request: GenerateRequest, call: ModelCall): Promise<Paid<ProviderAnswer>> {
  const { deps, router, catalogue, ledger } = calling
  const { entry } = await catalogue.find(model.ref)
  const { timeout } = await router.settings()
  const { model: _named, cache: _kept, ...plain } = request
  let streamed = false
  const around = { ledger, now: () => deps.clock.now(), warn: (data: object, message: string) => deps.logger.warn(data, message) }
  const work = { model, entry, capability: 'text' as const, call, worst: worstOf(request, model), timeout }
  const attempt = () =>
    paidAttempt(around, work, async (signal, alive) => {
      const onText = (delta: string): void => {
        alive()
        if (!call.onText || delta === '') return
        streamed = true
        call.onText(delta)
      }
      const answer = await entry.client.generate(
        { ...plain, name: model.name, bytes: (blob) => deps.store.blobs.get(blob) },
        { signal, onText, onSign: alive },
      )
      const { usage, firstToken } = answer
      return { value: answer, usage, estimate: estimated(request, answer), firstToken, fault: misfitOf(model, request, answer) }
    })
  try {
    return await entry.guard.run(attempt, { signal: call.signal, mayRepeat: () => !streamed })
  } catch (error) {
    if (!streamed || !(error instanceof LifeOsError)) throw error
    const incomplete = isMisfit(error) ? '' : ' What it had written until then is incomplete.'
    throw new LifeOsError(error.code, `${error.message}${incomplete}`, {
      class: error.class,
      applied: error.applied ?? 'unknown',
      details: { ...error.details, streamed: true },
      cause: error,
    })
  }
}

/** An object that is not what the schema promised. Asking for it again with its faults is for whoever has the conversation. */
function misfitOf({ ref }: Model, { schema }: GenerateRequest, { object }: ProviderAnswer): LifeOsError | undefined {
  const faults = schema === undefined || object === undefined ? [] : faultsOf(schema, object)
  if (faults.length === 0) return undefined
  const message = `${ref} gave an answer that does not fit the schema: ${faults.join('; ')}. Ask again, ask for less, or ask another model.`
  return new LifeOsError('model-invalid', message, { class: 'operational', applied: 'unknown', details: { faults } })
}

function estimated(request: GenerateRequest, { text, calls }: ProviderAnswer) {
  return {
    input: inputTokens(request),
    output: textTokens(text) + (calls.length > 0 ? textTokens(JSON.stringify(calls)) : 0),
    cached: 0,
    reasoning: 0,
  }
}

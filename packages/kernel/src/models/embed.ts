import type { TokenUsage } from '@life-os/contract'
import { worstOfTexts } from './estimate.ts'
import { inOrder, type Calling } from './generate.ts'
import { paidAttempt } from './paid-call.ts'
import type { ModelCall } from './types.ts'

const AT_ONCE = 96 // texts in one request

/** Vectors of one model for all texts, in as many requests as it takes. A failure half-way begins anew with the next model. */
export async function embed(
  calling: Calling,
  given: readonly string[],
  call: ModelCall & { model?: string | undefined },
): Promise<{ vectors: Float32Array[]; model: string; usage: TokenUsage }> {
  const { deps, router, catalogue, ledger } = calling
  const texts = deps.redactor?.value(given) ?? given
  const serving = await router.serving({
    model: call.model,
    capabilities: ['embed'],
    asker: call.asker,
    labels: call.labels,
    cost: (model) => worstOfTexts(texts, model).micros,
  })
  const around = { ledger, now: () => deps.clock.now(), warn: (data: object, message: string) => deps.logger.warn(data, message) }
  return inOrder(serving, async (model) => {
    const { entry } = await catalogue.find(model.ref)
    const { timeout } = await router.settings()
    const vectors: Float32Array[] = []
    const sum: TokenUsage = { input: 0, output: 0, cached: 0, reasoning: 0 }
    for (let from = 0; from < texts.length; from += AT_ONCE) {
      const part = texts.slice(from, from + AT_ONCE)
      const worst = worstOfTexts(part, model)
      const attempt = () =>
        paidAttempt(around, { model, entry, capability: 'embed', call, worst, timeout }, async (signal) => {
          const found = await entry.client.embed(model.name, part, signal)
          return { value: found.vectors, usage: found.usage, estimate: { ...sum, input: worst.tokens }, firstToken: null }
        })
      const { value, usage } = await entry.guard.run(attempt, { signal: call.signal, mayRepeat: () => true })
      vectors.push(...value)
      sum.input += usage.input
    }
    return { vectors, model: model.ref, usage: sum }
  })
}

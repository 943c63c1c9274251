import { describe, expect, it } from 'vitest'
import { PRICES, UNKNOWN_PRICE, costOf, priceOf } from './prices.ts'
import { moneyWords } from './money.ts'

const model = (ref: string, local = false) => ({ ref, provider: ref.split('/')[0] ?? '', name: ref.slice(ref.indexOf('/') + 1), local })

describe('the price of a model', () => {
  it('is the table’s, also for dated names', () => {
    expect(priceOf(model('anthropic/claude-sonnet-4-5-20250929'), 'anthropic', {}, 'USD')?.output).toBe(15_000_000)
    expect(priceOf(model('openai/gpt-4o-2024-11-20'), 'openai', {}, 'USD')?.input).toBe(2_500_000)
    expect(priceOf(model('mine/gpt-4o-mini-latest'), 'openai', {}, 'USD')?.output).toBe(600_000)
  })
  it('is nothing on this machine', () =>
    expect(priceOf(model('ollama/qwen3', true), 'ollama', {}, 'EUR')).toMatchObject({ input: 0, output: 0, currency: 'EUR' }))
  it('is unknown where the table has none, or has it in another currency', () => {
    expect(priceOf(model('openai/gpt-99'), 'openai', {}, 'USD')).toBeNull()
    expect(priceOf(model('openai/gpt-4o'), 'openai', {}, 'EUR')).toBeNull()
    expect(priceOf(model('router/gpt-4o'), 'openai-compatible', {}, 'USD')).toBeNull()
  })
  it('is a person’s own before all, for one model or for a provider', () => {
    const own = { 'router/*': { input: 1, output: 2, currency: 'EUR' }, 'router/best': { input: 3, output: 4, currency: 'EUR' } }
    expect(priceOf(model('router/best'), 'openai-compatible', own, 'EUR')?.input).toBe(3)
    expect(priceOf(model('router/other'), 'openai-compatible', own, 'EUR')?.input).toBe(1)
  })
  it('is reckoned as the dearest of the table where it is unknown', () => {
    for (const { price } of PRICES) {
      expect(price.input).toBeLessThanOrEqual(UNKNOWN_PRICE.input)
      expect(price.output).toBeLessThanOrEqual(UNKNOWN_PRICE.output)
    }
    expect(costOf(null, { input: 1_000_000, output: 1_000_000, cached: 0 })).toBe(90_000_000)
  })
  it('counts what the provider had cached at its own price, and rounds up', () => {
    expect(costOf({ input: 1_000_000, output: 0, cached: 100_000, currency: 'USD' }, { input: 1000, output: 0, cached: 600 })).toBe(460)
    expect(costOf({ input: 1, output: 1, currency: 'USD' }, { input: 1, output: 1, cached: 0 })).toBe(1)
  })
})

it('says money in words', () => {
  expect(moneyWords(1_500_000, 'USD')).toBe('1.50 USD')
  expect(moneyWords(0, 'EUR')).toBe('0.00 EUR')
  expect(moneyWords(1200, 'USD')).toBe('0.0012 USD')
  expect(moneyWords(12_345_678, 'USD')).toBe('12.35 USD')
})

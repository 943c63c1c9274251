import type { Model, Price, ProviderKind, TokenUsage } from '@life-os/contract'

/** When the table below was read from the providers' price pages. A person's own prices stand over it. */
export const PRICES_AS_OF = '2025-11'

/** `tier`: what an unnamed call prefers among a provider's models. */
export interface PriceLine {
  kind: ProviderKind
  name: string
  tier: 'small' | 'standard' | 'large'
  price: Price
}

const dollars = (amount: number): number => Math.round(amount * 1_000_000)
const line = (
  kind: ProviderKind,
  name: string,
  tier: PriceLine['tier'],
  input: number,
  output: number,
  cached: number = input,
): PriceLine => ({
  kind,
  name,
  tier,
  price: { input: dollars(input), output: dollars(output), cached: dollars(cached), currency: 'USD' },
})

/** US dollars for a million tokens: input, output, input read from the provider's cache. */
export const PRICES: readonly PriceLine[] = [
  line('openai', 'gpt-5', 'standard', 1.25, 10, 0.125),
  line('openai', 'gpt-5-mini', 'small', 0.25, 2, 0.025),
  line('openai', 'gpt-5-nano', 'small', 0.05, 0.4, 0.005),
  line('openai', 'gpt-4.1', 'standard', 2, 8, 0.5),
  line('openai', 'gpt-4.1-mini', 'small', 0.4, 1.6, 0.1),
  line('openai', 'gpt-4.1-nano', 'small', 0.1, 0.4, 0.025),
  line('openai', 'gpt-4o', 'standard', 2.5, 10, 1.25),
  line('openai', 'gpt-4o-mini', 'small', 0.15, 0.6, 0.075),
  line('openai', 'o3', 'large', 2, 8, 0.5),
  line('openai', 'o4-mini', 'standard', 1.1, 4.4, 0.275),
  line('openai', 'text-embedding-3-small', 'small', 0.02, 0),
  line('openai', 'text-embedding-3-large', 'standard', 0.13, 0),
  line('anthropic', 'claude-opus-4-5', 'large', 5, 25, 0.5),
  line('anthropic', 'claude-opus-4-1', 'large', 15, 75, 1.5),
  line('anthropic', 'claude-opus-4', 'large', 15, 75, 1.5),
  line('anthropic', 'claude-sonnet-4-5', 'standard', 3, 15, 0.3),
  line('anthropic', 'claude-sonnet-4', 'standard', 3, 15, 0.3),
  line('anthropic', 'claude-haiku-4-5', 'small', 1, 5, 0.1),
  line('anthropic', 'claude-3-7-sonnet', 'standard', 3, 15, 0.3),
  line('anthropic', 'claude-3-5-haiku', 'small', 0.8, 4, 0.08),
  line('google', 'gemini-2.5-pro', 'large', 2.5, 15, 0.25), // the price above 200,000 tokens, so that no call costs more than was reserved
  line('google', 'gemini-2.5-flash', 'standard', 0.3, 2.5, 0.03),
  line('google', 'gemini-2.5-flash-lite', 'small', 0.1, 0.4, 0.01),
  line('google', 'gemini-2.0-flash', 'small', 0.1, 0.4, 0.025),
  line('google', 'gemini-embedding-001', 'small', 0.15, 0),
]

/** Reserved and counted for a model whose price nobody knows: as much as the dearest of the table. */
export const UNKNOWN_PRICE: Price = { input: dollars(15), output: dollars(75), currency: 'USD' }
export const FREE: Price = { input: 0, output: 0, cached: 0, currency: 'USD' }

/** `gpt-4o-2024-11-20`, `claude-sonnet-4-5-20250929` and `…-latest` cost what `gpt-4o` and `claude-sonnet-4-5` do. */
const DATED = /-(?:\d{8}|\d{4}-\d{2}-\d{2}|\d{3}|latest)$/

export function lineOf(kind: ProviderKind, name: string): PriceLine | undefined {
  const plain = name.replace(DATED, '')
  return PRICES.find((candidate) => candidate.kind === kind && (candidate.name === name || candidate.name === plain))
}

/**
 * A person's price for `provider/model`, or for `provider/*`, else the table's. Null: unknown, also where the table's
 * currency is not that of the budgets, since nothing here converts money.
 */
export function priceOf(
  model: Pick<Model, 'ref' | 'provider' | 'name' | 'local'>,
  kind: ProviderKind,
  own: Readonly<Record<string, Price>>,
  currency: string,
): Price | null {
  const given = own[model.ref] ?? own[`${model.provider}/*`]
  if (given) return given
  if (model.local) return { ...FREE, currency }
  const known = lineOf(kind, model.name)?.price
  return known?.currency === currency ? known : null
}

/** Micro-units; rounded up, so that many small calls do not add up to nothing. */
export function costOf(price: Price | null, usage: Pick<TokenUsage, 'input' | 'output' | 'cached'>): number {
  const { input, output, cached = input } = price ?? UNKNOWN_PRICE
  const fresh = Math.max(0, usage.input - usage.cached)
  return Math.ceil((fresh * input + Math.min(usage.cached, usage.input) * cached + usage.output * output) / 1_000_000)
}

import type { Model, Price } from '@life-os/contract'

/** `2.50 $ in · 10.00 $ out`: what a million tokens cost; empty where it is free or not known. */
export function priceWords(price: Price | null): string {
  if (!price) return ''
  const sign = price.currency === 'USD' ? '$' : price.currency
  const amount = (micros: number): string => `${(micros / 1_000_000).toFixed(2)} ${sign}`
  return price.input === 0 && price.output === 0 ? '' : `${amount(price.input)} in · ${amount(price.output)} out`
}

export interface ProviderModels {
  provider: string
  local: boolean
  models: readonly Model[]
}

/** Models that have every word in their name, title or provider, by provider: those of this machine first, at most `most` in all. */
export function findModels(models: readonly Model[], words: string, most: number): { groups: ProviderModels[]; left: number } {
  const wanted = words.toLowerCase().split(/\s+/)
  const found = models.filter((model) => wanted.every((word) => `${model.ref} ${model.title}`.toLowerCase().includes(word)))
  const shown = found.toSorted((a, b) => Number(b.local) - Number(a.local)).slice(0, most)
  const groups = [...Map.groupBy(shown, ({ provider }) => provider)].map(([provider, list]) => ({
    provider,
    local: list.some(({ local }) => local),
    models: list,
  }))
  return { groups, left: found.length - shown.length }
}

export interface Choice {
  value: string
  label: string
  hint?: string
}
export const AUTOMATIC: Choice = { value: '', label: 'Automatic', hint: 'by your choices' }

/** Lists of models that have a name, as choices; those that text is never asked of are left out. */
export function listsOf(aliases: Readonly<Record<string, readonly string[]>>): Choice[] {
  return [...new Set(['fast', ...Object.keys(aliases)])]
    .filter((name) => !['default', 'embed', 'vision'].includes(name))
    .map((name) => ({ value: name, label: name, hint: aliases[name]?.[0] ?? 'small and quick' }))
}

const DEEPEST = 500

/**
 * A value as JSON without halves of surrogate pairs, which can neither be hashed nor kept, and without what `but` matches.
 * What is nested deeper than five hundred times is left out. A value that is fine is answered as it is.
 */
export function wellFormed<T>(value: T, but?: RegExp): T {
  return mended(value, but, 0) as T // of the same shape, above the deepest
}

function mended(value: unknown, but: RegExp | undefined, depth: number): unknown {
  if (typeof value === 'string') return plain(value, but)
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  if (depth >= DEEPEST) return null
  if (Array.isArray(value)) {
    const items = value.map((item) => mended(item, but, depth + 1))
    return items.some((item, index) => item !== value[index]) ? items : value
  }
  const fields = Object.entries(value).map(([key, field]) => [plain(key, but), mended(field, but, depth + 1), field, key] as const)
  const isSame = fields.every(([key, after, before, name]) => key === name && after === before)
  return isSame ? value : Object.fromEntries(fields.map(([key, after]) => [key, after]))
}

function plain(text: string, but: RegExp | undefined): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed()
  return but ? whole.replaceAll(but, '') : whole
}

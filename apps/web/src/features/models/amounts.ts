/** Micro-units of what a person typed; undefined for an empty field. */
export function amountOf(text: string): number | undefined | 'invalid' {
  const trimmed = text.trim().replace(',', '.')
  if (trimmed === '') return undefined
  return /^\d{1,7}(\.\d{1,6})?$/.test(trimmed) ? Math.round(Number(trimmed) * 1_000_000) : 'invalid'
}

/** The shortest text that {@link amountOf} reads as this. */
export const limitText = (micros: number | undefined): string =>
  micros === undefined ? '' : micros % 10_000 === 0 ? (micros / 1_000_000).toFixed(2) : String(micros / 1_000_000)

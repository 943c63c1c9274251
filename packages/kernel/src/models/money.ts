/** UTC day, YYYY-MM-DD. */
export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10)

/** Micro-units as text: `0.12 USD`, small amounts with as many places as they need. */
export function moneyWords(micros: number, currency: string): string {
  const amount = micros / 1_000_000
  const places = micros === 0 || amount >= 0.01 ? 2 : 6
  return `${amount.toFixed(places).replace(/(\.\d\d\d*?)0+$/, '$1')} ${currency}`
}

/**
 * Milliseconds that a service asks to wait: `retry-after-ms`, or `Retry-After` in seconds or as a date (RFC 9110, 10.2.3).
 * Undefined where it says nothing that can be read.
 */
export function retryAfterOf(headers: Headers, now: number): number | undefined {
  const exact = Number(headers.get('retry-after-ms') ?? Number.NaN)
  if (Number.isFinite(exact) && exact >= 0) return Math.ceil(exact)
  const said = headers.get('retry-after')?.trim()
  if (!said) return undefined
  if (/^\d+(\.\d+)?$/.test(said)) return Math.ceil(Number(said) * 1000)
  const date = /[a-z]{3}/i.test(said) ? Date.parse(said) : Number.NaN // V8 reads a bare number as a year
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

import { z } from 'zod'

/** A UUIDv7 in lower case. */
export const Id = z.uuid()
/** Milliseconds since 1970-01-01 UTC. */
export const Time = z.int().min(0)
/** A duration in text: `200ms`, `5s`, `10m`, `2h`, `1d`. */
export const Duration = z.string().regex(/^\d+(\.\d+)?(ms|s|m|h|d)$/, 'a duration such as 200ms, 5s, 10m, 2h or 1d')
/** Integer micro-units of one currency: 0.10 USD is `{ micros: 100000, currency: 'USD' }`. */
export const Money = z.object({ micros: z.int().min(0), currency: z.string().regex(/^[A-Z]{3}$/) })
export type Money = z.infer<typeof Money>
/** Anything JSON can carry. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export const Json: z.ZodType<Json> = z.json() as z.ZodType<Json> // z.json() infers a readonly-incompatible recursive type
/** A JSON Schema document; opaque here. */
export const JsonSchema = z.record(z.string(), z.unknown())
export type JsonSchema = z.infer<typeof JsonSchema>

const DURATION_UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** Milliseconds of a {@link Duration}; `NaN` when the text is not one. */
export function milliseconds(duration: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(duration)
  if (!match) return Number.NaN
  return Math.round(Number(match[1]) * DURATION_UNITS[match[2] as keyof typeof DURATION_UNITS]) // the regex admits only these units
}

/** Requests a minute by one caller; a page of the web app asks some ten at once. */
const LIMIT = 1200
const WINDOW = 60_000 // ms

export interface Allowance {
  allowed: boolean
  limit: number
  remaining: number
  /** seconds until all are back */ reset: number
}

/** A bucket a caller that refills evenly. Buckets that are full again are forgotten. */
export function createRateLimit({ now, limit = LIMIT, window = WINDOW }: { now(): number; limit?: number; window?: number }) {
  const buckets = new Map<string, { left: number; at: number }>()
  const refilled = (bucket: { left: number; at: number }) => Math.min(limit, bucket.left + ((now() - bucket.at) / window) * limit)
  return {
    take(caller: string): Allowance {
      if (buckets.size > 1000) for (const [key, bucket] of buckets) if (refilled(bucket) >= limit) buckets.delete(key)
      const known = buckets.get(caller)
      const left = known ? refilled(known) : limit
      const allowed = left >= 1
      const after = allowed ? left - 1 : left
      buckets.set(caller, { left: after, at: now() })
      return { allowed, limit, remaining: Math.floor(after), reset: Math.ceil(((limit - after) / limit) * (window / 1000)) }
    },
  }
}
export type RateLimit = ReturnType<typeof createRateLimit>

/** https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ in its widely read form. */
export function rateHeaders({ limit, remaining, reset }: Allowance): Record<string, string> {
  return { 'ratelimit-limit': String(limit), 'ratelimit-remaining': String(remaining), 'ratelimit-reset': String(reset) }
}

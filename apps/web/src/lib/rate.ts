/** How many were done at a moment. */
export interface Sample {
  at: number
  done: number
}

const WINDOW_MS = 5000

/** Keeps the samples of the last seconds, always at least two. */
export function addSample(samples: readonly Sample[], sample: Sample): Sample[] {
  const kept = samples.filter((each) => each.at > sample.at - WINDOW_MS)
  const before = samples.at(-1)
  return kept.length === 0 && before ? [before, sample] : [...kept, sample]
}

/** Done per second over the window; null until it can be told. */
export function rateOf(samples: readonly Sample[]): number | null {
  const first = samples[0]
  const last = samples.at(-1)
  if (!first || !last || last.at - first.at < 250 || last.done <= first.done) return null
  return ((last.done - first.done) * 1000) / (last.at - first.at)
}

/** Milliseconds until the rest is done at this rate. */
export function timeLeft(remaining: number, rate: number | null): number | null {
  if (rate === null || rate <= 0) return null
  return (Math.max(0, remaining) * 1000) / rate
}

/** `about 3 s left`: rounded so that the words do not flicker. */
export function timeLeftWords(ms: number | null): string {
  if (ms === null) return 'estimating'
  if (ms < 1500) return 'almost done'
  if (ms < 60_000) return `about ${Math.round(ms / 1000)} s left`
  if (ms < 3_600_000) return `about ${Math.round(ms / 60_000)} min left`
  return `about ${Math.round(ms / 3_600_000)} h left`
}

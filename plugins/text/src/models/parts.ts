import { LifeOsError } from '@life-os/plugin-sdk'

/** Characters that one call of a model reads: small enough for the context of small models. */
const PART = 12_000
const MOST_PARTS = 60

/**
 * A text in parts that a model can read one after the other, broken between paragraphs, else lines, else words. Joined they
 * are the text. @throws `text-too-long`.
 */
export function readableParts(text: string): string[] {
  const parts: string[] = []
  for (let at = 0; at < text.length;) {
    const end = at + PART >= text.length ? text.length : breakBefore(text, at, at + PART)
    parts.push(text.slice(at, end))
    at = end
  }
  if (parts.length > MOST_PARTS) {
    const most = (PART * MOST_PARTS).toLocaleString('en')
    throw new LifeOsError(
      'text-too-long',
      `A model reads at most ${most} characters here. Split the text first (text.split) and take a part.`,
    )
  }
  return parts
}

/** Never in the first half, so that parts do not become many and small. */
function breakBefore(text: string, from: number, most: number): number {
  const middle = from + (most - from) / 2
  for (const gap of ['\n\n', '\n', ' ']) {
    const at = text.lastIndexOf(gap, most - gap.length)
    if (at >= middle) return at + gap.length
  }
  return /[\ud800-\udbff]/.test(text[most - 1] ?? '') ? most - 1 : most // a character is not cut in two
}

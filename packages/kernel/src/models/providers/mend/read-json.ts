import { readLoose } from './loose-json.ts'
import type { Loose } from './loose-json.ts'

export interface ReadJson {
  value: unknown
  mended: boolean
}
/** Beginnings that are tried in prose. */
const TRIES = 24

/**
 * The JSON of an answer: as it is, in a fence, or within prose, mended where it is slightly broken. `whole`: the model
 * stopped by itself, so that a bracket may be closed for it; an answer cut at its limit is never completed.
 * Null where there is none.
 */
export function readJson(text: string, whole: boolean): ReadJson | null {
  const plain = strict(text)
  if (plain) return { value: plain.value, mended: false }
  const fence = /```[a-zA-Z_]*\s*([\s\S]*?)(?:```|$)/.exec(text)?.[1]
  const fenced = fence === undefined ? null : (strict(fence) ?? acceptable(readLoose(fence), whole))
  const found = isComposite(fenced?.value) ? fenced : longest(text, whole)
  return found && { value: found.value, mended: true }
}

function strict(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return null
  }
}

function longest(text: string, whole: boolean): Loose | null {
  let best: (Loose & { length: number }) | null = null
  let tries = 0
  for (let at = firstBracket(text, 0); at !== -1 && tries < TRIES; tries++) {
    const found = acceptable(readLoose(text, at), whole)
    if (found && found.end - at > (best?.length ?? 0)) best = { ...found, length: found.end - at }
    at = firstBracket(text, found ? found.end : at + 1)
  }
  return best
}
function acceptable(found: Loose | null, whole: boolean): Loose | null {
  return found && (whole || !found.open) ? found : null
}
function firstBracket(text: string, from: number): number {
  const place = text.slice(from).search(/[{[]/)
  return place === -1 ? -1 : from + place
}
function isComposite(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

/** The arguments of a call, which are an object. Undefined where they are none, also after mending. */
export function readArguments(json: string): ReadJson | undefined {
  if (json.trim() === '') return { value: {}, mended: false }
  const found = readJson(json, true)
  return found && isComposite(found.value) && !Array.isArray(found.value) ? found : undefined
}

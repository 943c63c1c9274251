import { createHash } from 'node:crypto'
import type { Labels } from '@life-os/contract'
import type { Models } from '../../models/types.ts'

/** Who asks, for the choice of a model and the record of what it cost. */
export interface Seeker {
  person: string
  agent?: string | undefined
  run?: string | undefined
  step?: string | undefined
  labels: Labels
  signal?: AbortSignal | undefined
}
/** Search by meaning where a model makes vectors of texts. */
export interface Meaning {
  /** Ids by nearness, the nearest first; null where no model serves or it fails. */
  nearest(query: string, texts: ReadonlyMap<string, string>, seeker: Seeker): Promise<{ id: string; score: number }[] | null>
}

/** Vectors kept in memory: of a thousand tools with 768 numbers each, 3 MB. */
const MOST_KEPT = 5000
const AT_ONCE = 64
const WAIT = 15_000 // ms; a search by words is there at once, and an answer that comes later than this is no help

export function createMeaning(models: Pick<Models, 'embed' | 'route'> | undefined, failed: (error: unknown) => void): Meaning {
  const kept = new Map<string, Float32Array>()
  const vectorsOf = async (texts: readonly string[], model: string, seeker: Seeker): Promise<Float32Array[]> => {
    const keys = texts.map((text) => createHash('sha256').update(`${model}\0${text}`).digest('base64'))
    const absent = texts.filter((_, index) => !kept.has(keys[index] ?? ''))
    const made = new Map<string, Float32Array>()
    for (let at = 0; at < absent.length; at += AT_ONCE) {
      const part = absent.slice(at, at + AT_ONCE)
      const { vectors } = await models!.embed(part, callOf(model, seeker)) // nearest() asks for models first
      part.forEach((text, index) => made.set(text, vectors[index] ?? new Float32Array()))
    }
    return texts.map((text, index) => {
      const key = keys[index] ?? ''
      const vector = made.get(text) ?? kept.get(key) ?? new Float32Array()
      kept.delete(key)
      kept.set(key, vector) // the last used stays the longest
      if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value ?? '')
      return vector
    })
  }
  return {
    async nearest(query, texts, seeker) {
      if (!models || texts.size === 0) return null
      try {
        const { model } = await models.route({ capabilities: ['embed'], asker: seeker, labels: seeker.labels })
        if (!model) return null
        const ids = [...texts.keys()]
        const [wanted, ...vectors] = await vectorsOf([query, ...texts.values()], model.ref, seeker)
        return ids
          .map((id, index) => ({ id, score: cosine(wanted, vectors[index]) }))
          .toSorted((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
      } catch (error) {
        failed(error)
        return null
      }
    },
  }
}

function callOf(model: string, { signal, labels, person, agent, run, step }: Seeker): Parameters<Models['embed']>[1] {
  const late = AbortSignal.timeout(WAIT)
  return { asker: { person, agent, run, step }, labels, model, signal: signal ? AbortSignal.any([signal, late]) : late }
}

function cosine(a: Float32Array | undefined, b: Float32Array | undefined): number {
  if (!a || !b || a.length !== b.length) return 0
  let dot = 0
  let left = 0
  let right = 0
  for (let index = 0; index < a.length; index += 1) {
    const [x, y] = [a[index] ?? 0, b[index] ?? 0]
    dot += x * y
    left += x * x
    right += y * y
  }
  return left === 0 || right === 0 ? 0 : dot / Math.sqrt(left * right)
}

import { GenerateAnswer, milliseconds, type GenerateRequest, type Labels } from '@life-os/contract'
import { hash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { ModelsDeps } from './deps.ts'

/** Longest that an answer is kept, and the most bytes one may have. */
const LONGEST = 30 * 86_400_000 // ms
const LARGEST = 1024 * 1024
const MOST_BYTES = 64 * 1024 * 1024
const PRUNE_EVERY = 100 // writes

/** Answers to the very same request of the same model, kept apart by the labels of what was asked. */
export interface ResultCache {
  find(request: GenerateRequest, model: string, labels: Labels): Promise<GenerateAnswer | null>
  keep(request: GenerateRequest, labels: Labels, answer: GenerateAnswer): Promise<void>
  prune(): Promise<void>
}

export function createCache({ store: { db }, clock, logger }: ModelsDeps): ResultCache {
  let writes = 0
  const prune = async (): Promise<void> => {
    await db.deleteFrom('model_cache').where('expires_at', '<=', clock.now()).execute()
    const rows = await db.selectFrom('model_cache').select(['key', 'bytes']).orderBy('at', 'desc').execute()
    let held = 0
    const beyond = rows.filter(({ bytes }) => (held += bytes) > MOST_BYTES).map(({ key }) => key)
    for (const key of beyond) await db.deleteFrom('model_cache').where('key', '=', key).execute()
  }
  return {
    prune,
    async find(request, model, labels) {
      if (request.cache === undefined) return null
      const row = await db
        .selectFrom('model_cache')
        .selectAll()
        .where('key', '=', keyOf(request, model, labels))
        .executeTakeFirst()
      if (!row || row.expires_at <= clock.now()) return null
      const parsed = GenerateAnswer.safeParse(JSON.parse(row.answer_json))
      return parsed.success ? { ...parsed.data, micros: 0, cached: true, passed: [] } : null
    },
    async keep(request, labels, answer) {
      if (request.cache === undefined || answer.finish === 'length' || answer.finish === 'filter') return
      const at = clock.now()
      const answer_json = JSON.stringify(answer)
      const bytes = Buffer.byteLength(answer_json)
      if (bytes > LARGEST) return
      const row = {
        key: keyOf(request, answer.model, labels),
        answer_json,
        labels: JSON.stringify(labels),
        at,
        expires_at: at + Math.min(LONGEST, milliseconds(request.cache)),
        bytes,
      }
      await db
        .insertInto('model_cache')
        .values(row)
        .onConflict((clash) => clash.column('key').doUpdateSet(row))
        .execute()
      writes += 1
      if (writes % PRUNE_EVERY === 0)
        await prune().catch((error: unknown) => logger.warn({ error: String(error) }, 'old answers were not removed'))
    },
  }
}

/** Neither how the model was named nor how long the answer may be kept changes what it answers. */
function keyOf({ model: _named, cache: _kept, ...request }: GenerateRequest, model: string, labels: Labels): string {
  return hash('sha256', canonicalize({ request, model, labels: [...labels].toSorted() }) ?? '')
}

import type { EffectRecord, Recorded } from '@life-os/contract'
import type { Blobs, Store } from '../../store/index.ts'
import { valueOf } from './record.ts'

/** Effects outside Life-OS, whose answer cannot be had again by looking. */
export const isOutside = (effect: Pick<EffectRecord, 'change'>): boolean =>
  effect.change.kind === 'request-send' || effect.change.kind === 'command-run' || effect.change.kind === 'page-act'

const BYTES = '$bytes'

/** What a host service answered, as JSON; bytes become base64. */
export function packed(value: unknown): unknown {
  if (value instanceof Uint8Array) return { [BYTES]: Buffer.from(value).toString('base64') }
  if (Array.isArray(value)) return value.map(packed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, packed(part)]))
}

/** The inverse of {@link packed}. */
export function unpacked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpacked)
  if (typeof value !== 'object' || value === null) return value
  if (BYTES in value && typeof value[BYTES] === 'string') return new Uint8Array(Buffer.from(value[BYTES], 'base64'))
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, unpacked(part)]))
}

/** The answers that were journaled with the finished effects of one step, by effect. */
export async function keptAnswers(store: Store, blobs: Blobs, run: string, path: string): Promise<ReadonlyMap<string, unknown>> {
  const rows = await store.db
    .selectFrom('run_events')
    .select('data_json')
    .where('run', '=', run)
    .where('path', '=', path)
    .where('type', '=', 'effect-finished')
    .execute()
  const answers = new Map<string, unknown>()
  for (const { data_json } of rows) {
    const { effect, answer } = JSON.parse(data_json) as { effect: string; answer?: Recorded } // the sink wrote it
    if (answer) answers.set(effect, unpacked(await valueOf(blobs, answer)))
  }
  return answers
}

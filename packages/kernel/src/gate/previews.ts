import type { Preview } from '@life-os/contract'
import { LifeOsError } from '@life-os/contract'
import type { Store } from '../store/index.ts'

/** A stored preview: what was shown, by run and revision. The changes lie in a blob that the run keeps. */
export interface Previews {
  /** Stores the next revision and answers its number. */
  save(preview: Preview, now: number): Promise<number>
  load(run: string, revision: number): Promise<Preview>
  latest(run: string): Promise<{ revision: number; preview: Preview } | null>
}

export function createPreviews(store: Store): Previews {
  let kept: { key: string; preview: Preview } | null = null // the one being looked at; previews may be megabytes
  const load = async (run: string, revision: number): Promise<Preview> => {
    const key = `${run}:${revision}`
    if (kept?.key === key) return kept.preview
    const row = await store.db
      .selectFrom('previews')
      .select('blob')
      .where('run', '=', run)
      .where('revision', '=', revision)
      .executeTakeFirst()
    if (!row) throw new LifeOsError('preview-missing', 'That preview is no longer stored. Preview the plan again.')
    const preview = JSON.parse(Buffer.from(await store.blobs.get(row.blob)).toString('utf8')) as Preview // written by save below
    kept = { key, preview }
    return preview
  }
  const newest = async (run: string): Promise<number> => {
    const row = await store.db
      .selectFrom('previews')
      .select((e) => e.fn.max('revision').as('revision'))
      .where('run', '=', run)
      .executeTakeFirst()
    return Number(row?.revision ?? 0)
  }
  const write = async (preview: Preview, now: number): Promise<number> => {
    const revision = (await newest(preview.run)) + 1
    const blob = await store.blobs.put(JSON.stringify(preview))
    await store.blobs.keep(blob.hash, `run:${preview.run}`)
    const summary_json = JSON.stringify(preview.summary)
    await store.db
      .insertInto('previews')
      .values({ run: preview.run, revision, hash: preview.summary.hash, summary_json, blob: blob.hash, at: now })
      .execute()
    kept = { key: `${preview.run}:${revision}`, preview }
    return revision
  }
  let turn: Promise<unknown> = Promise.resolve() // steps of a run that go side by side may ask at once
  return {
    load,
    save(preview, now) {
      const saved = turn.then(() => write(preview, now))
      turn = saved.catch(() => undefined)
      return saved
    },
    async latest(run) {
      const revision = await newest(run)
      return revision === 0 ? null : { revision, preview: await load(run, revision) }
    },
  }
}

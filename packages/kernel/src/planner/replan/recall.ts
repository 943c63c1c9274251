import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { LifeOsError, type Labels } from '@life-os/contract'
import { z } from 'zod'
import { describeReading } from '../../runs/index.ts'
import type { InnerTool } from '../../runs/index.ts'
import type { Store } from '../../store/index.ts'
import { doneOf, isFinished, isOpen, type Done } from './done.ts'
import { RECALL } from './rest.ts'

const Input = z.object({
  run: z.string().describe('The run that ended early'),
  step: z.string().describe("The path of one of that run's steps"),
  proof: z.string().describe('That Life-OS itself wrote this into the plan'),
})
const Output = z.object({
  done: z.boolean().describe('Whether the step was finished'),
  open: z.boolean().describe('Whether part of it may have been done'),
  output: z.unknown().describe('What it gave; null where it was left out'),
})

/** A word that only this Life-OS can write: a plan reads what a run did only where the planner put that there. */
export interface Proofs {
  of(run: string): Promise<string>
}

const KEY = 'planner.key'

/** The key lies in the store, so that plans made before a restart go on after it. */
export function createProofs(db: Store['db']): Proofs {
  let key: Promise<Buffer> | undefined
  const load = async (): Promise<Buffer> => {
    const made = { key: KEY, value_json: JSON.stringify(randomBytes(32).toString('base64')) }
    await db
      .insertInto('settings')
      .values(made)
      .onConflict((clash) => clash.column('key').doNothing())
      .execute()
    const row = await db.selectFrom('settings').select('value_json').where('key', '=', KEY).executeTakeFirstOrThrow()
    return Buffer.from(JSON.parse(row.value_json) as string, 'base64') // written above, and nowhere else
  }
  return {
    async of(run) {
      key ??= load()
      return createHmac('sha256', await key)
        .update(run)
        .digest('hex')
    },
  }
}

const ENDED = new Set(['failed', 'cancelled', 'stopped'])

/** The tool with which a plan goes on where a run ended: it reads what a step of that run gave. Errors: `replan-not-ended`, `replan-proof`. */
export function recallTool(store: Pick<Store, 'db' | 'journal' | 'blobs'>, proofs: Proofs): InnerTool {
  let last: { run: string; seq: number; done: Done } | null = null
  const doneOfRun = async (run: string): Promise<Done> => {
    const newest = await store.db
      .selectFrom('run_events')
      .select((row) => row.fn.max('seq').as('seq'))
      .where('run', '=', run)
      .executeTakeFirst()
    const seq = Number(newest?.seq ?? 0)
    if (last?.run !== run || last.seq !== seq) last = { run, seq, done: doneOf(await store.journal.read(run, 0, Number.MAX_SAFE_INTEGER)) }
    return last.done
  }
  const recordOf = async (input: unknown) => {
    const { run, step, proof } = Input.parse(input)
    const wanted = Buffer.from(await proofs.of(run))
    const given = Buffer.from(proof)
    if (wanted.length !== given.length || !timingSafeEqual(wanted, given))
      throw new LifeOsError('replan-proof', 'Only a plan that Life-OS made to go on with a run may read what that run did.', {
        applied: 'no',
      })
    const row = await store.db.selectFrom('runs').select('state').where('id', '=', run).executeTakeFirst()
    if (!row || !ENDED.has(row.state))
      throw new LifeOsError('replan-not-ended', 'The run that this plan goes on with has been taken up again, or is gone. Plan anew.', {
        applied: 'no',
      })
    const done = await doneOfRun(run)
    return { record: done.fold.steps.get(step), open: isOpen(done, step) }
  }
  return {
    description: describeReading({
      id: RECALL,
      title: 'Recall what was done',
      description: 'What a step of an earlier run gave.',
      input: Input,
      output: Output,
    }),
    needs: async () => [],
    labels: async (input): Promise<Labels> => (await recordOf(input)).record?.labels ?? [],
    async run(call) {
      const { record, open } = await recordOf(call.input)
      if (!record || !isFinished(record)) return { done: false, open, output: null }
      if (record.state !== 'done' || !record.output) return { done: true, open: false, output: null }
      const { blob, value } = record.output
      return {
        done: true,
        open: false,
        output: blob === undefined ? (value ?? null) : JSON.parse(Buffer.from(await store.blobs.get(blob)).toString('utf8')),
      }
    },
  }
}

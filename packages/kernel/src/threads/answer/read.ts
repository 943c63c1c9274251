import {
  joinLabels,
  type AnswerPart,
  type Citation,
  type Cost,
  type ErrorShape,
  type Label,
  type Labels,
  type Recorded,
  type RunState,
} from '@life-os/contract'
import { fromColumn } from '../../store/index.ts'
import type { Store } from '../../store/index.ts'
import { ANSWER } from '../turn/plan.ts'
import { citationsOf } from './citations.ts'
import type { AnswerFold } from './fold.ts'
import { partsOf, type Asked, type Child, type Surroundings } from './parts.ts'
import { valueOf } from './value.ts'

/** An answer as it stands. */
export interface Answer {
  state: RunState
  parts: AnswerPart[]
  citations: Citation[]
  error: ErrorShape | null
  cost: Cost
  labels: Label[]
  /** Of the last journal entry that is in it. */
  seq: number
  /** What served it last; null before a model has answered. */
  model: string | null
}

/** Values of steps that the parts show, read once: a journal never changes what it holds. */
export type Values = Map<Recorded, unknown>

export interface ReadAnswer {
  store: Pick<Store, 'db' | 'blobs'>
  fold: AnswerFold
  values: Values
  partial: ReadonlyMap<string, string>
  titleOf(tool: string): string
}

const GOING: ReadonlySet<string> = new Set(['previewing', 'queued', 'running', 'waiting', 'paused'])
export const isGoing = (state: string): boolean => GOING.has(state)

/** Reads what stands beside the journal and makes the answer. */
export async function readAnswer(run: string, { store, fold, values, partial, titleOf }: ReadAnswer): Promise<Answer | null> {
  const row = await store.db
    .selectFrom('runs')
    .select(['state', 'error_json', 'cost_json', 'labels'])
    .where('id', '=', run)
    .executeTakeFirst()
  if (!row) return null
  await takeValues(store, fold, values)
  const state = row.state as RunState // the column holds what runs wrote
  const recorded = (path: string, of: 'input' | 'output'): Recorded | null =>
    (of === 'input' ? fold.inputs.get(path) : fold.run.steps.get(path)?.output) ?? null
  const value = (found: Recorded | null): unknown => (found ? values.get(found) : undefined)
  const around: Surroundings = {
    output: (path) => value(recorded(path, 'output')),
    input: (path) => value(recorded(path, 'input')),
    asked: await askedIn(store, run),
    children: await childrenOf(store, run),
    partial,
    titleOf,
    going: isGoing(state),
  }
  const parts = partsOf(fold, around)
  const cost = fromColumn(row.cost_json)
  return {
    state,
    parts,
    citations: citationsOf(around.output(ANSWER)),
    error: row.error_json === null ? null : fromColumn(row.error_json),
    cost: isGoing(state) ? { ...fold.run.cost } : cost,
    labels: joinLabels(fromColumn(row.labels), ...labelsSeen(fold)),
    seq: fold.run.seq,
    model: modelOf(fold, around.output),
  }
}

/** What was said in an answer, without its cards. */
export function textOfParts(parts: readonly AnswerPart[]): string {
  return parts.flatMap((part) => (part.type === 'text' ? part.text.trim() : [])).join('\n\n')
}

/** Of everything the answer came from, also of what was on its way when it was stopped. */
function labelsSeen({ run, inputs }: AnswerFold): Labels[] {
  return [...[...run.steps.values()].map((step) => step.labels), ...[...inputs.values()].map((input) => input.labels)]
}

function modelOf({ run }: AnswerFold, output: Surroundings['output']): string | null {
  for (const path of [...run.steps.keys()].toReversed()) {
    const answer = path.endsWith('.model') ? output(path) : null
    if (typeof answer === 'object' && answer !== null && 'model' in answer && typeof answer.model === 'string') return answer.model
  }
  return null
}

async function takeValues({ blobs }: Pick<Store, 'blobs'>, fold: AnswerFold, values: Values): Promise<void> {
  const shown = [...fold.run.steps.values()].filter(({ path }) => path.startsWith(ANSWER)).map(({ output }) => output)
  for (const recorded of [...shown, ...fold.inputs.values()])
    if (recorded && !values.has(recorded)) values.set(recorded, await valueOf(blobs, recorded))
}

async function askedIn({ db }: Pick<Store, 'db'>, run: string): Promise<Asked[]> {
  const rows = await db
    .selectFrom('approvals')
    .select(['id', 'step', 'kind', 'state', 'message', 'subject_json'])
    .where('run', '=', run)
    .orderBy('id')
    .execute()
  return rows.map(({ subject_json, ...row }) => ({
    ...row,
    subject: subject_json === null ? null : (JSON.parse(subject_json) as Asked['subject']), // the contract's Approval.subject
  }))
}

async function childrenOf({ db }: Pick<Store, 'db'>, run: string): Promise<Child[]> {
  const rows = await db
    .selectFrom('runs')
    .select(['id', 'parent_step', 'plan_name', 'state', 'approval'])
    .where('parent', '=', run)
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    step: row.parent_step ?? '',
    name: row.plan_name,
    state: row.state as RunState, // the column holds what runs wrote
    approval: row.approval,
  }))
}

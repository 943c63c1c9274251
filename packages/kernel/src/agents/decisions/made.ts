import { isDeepStrictEqual } from 'node:util'
import { joinLabels } from '@life-os/contract'
import type { Actor, Approval, Labels, LabelSource, Need, Plan, Preview, Recorded } from '@life-os/contract'
import type { ApprovalRow, DecisionRow, RunRow, Store } from '../../store/index.ts'
import type { DecisionKind, DecisionSubject, Edited, Touched } from './subject.ts'
import { touchedBy, touchedByCall, touchedByNeeds } from './touched.ts'

export interface MadeContext {
  store: Pick<Store, 'db' | 'blobs'>
  previews: { load(run: string, revision: number): Promise<Preview> }
  labels: { of(path: string): readonly LabelSource[] }
}
/** A decision before it is cleaned and stored; its id is the same however often it is read from the events. */
export type Made = Omit<DecisionRow, 'subject_json'> & { subject: DecisionSubject }

type RunFacts = Pick<
  RunRow,
  'id' | 'kind' | 'of' | 'plan_id' | 'plan_name' | 'actor_json' | 'options_json' | 'inputs_json' | 'frozen_json' | 'labels'
>
const FACTS = ['id', 'kind', 'of', 'plan_id', 'plan_name', 'actor_json', 'options_json', 'inputs_json', 'frozen_json', 'labels'] as const

/** Questions whose answer says what a person wants; the others settle what happened or what is not known. */
const TELLING = new Set<Approval['kind']>(['preview', 'permission', 'drift', 'step', 'secret', 'review'])

/** What a person answered to a question: a yes or no, an edited call, and what they unticked before it. */
export async function madeByAnswer(context: MadeContext, approval: string, at: number): Promise<Made[]> {
  const row = await context.store.db.selectFrom('approvals').selectAll().where('id', '=', approval).executeTakeFirst()
  const run = row && (await runOf(context, row.run))
  if (!row || !run || !TELLING.has(row.kind as Approval['kind'])) return [] // pruned since, or of no interest
  if (run.kind === 'undo' || (row.state !== 'approved' && row.state !== 'refused')) return [] // an undo counts once it is done
  const preview = row.revision === null ? null : await context.previews.load(row.run, row.revision).catch(() => null)
  const subject = row.subject_json === null ? null : (JSON.parse(row.subject_json) as Approval['subject']) // the columns hold what runs wrote
  const tool = subject?.tool ?? null
  const touched = touchedOf(row, preview, subject)
  const of = {
    context,
    run,
    at,
    person: row.answered_by ?? '',
    agent: subject?.agent ?? agentOf(run),
    step: row.step,
    title: row.title,
    question: row.kind,
    labels: labelsIn(row.labels),
  }
  const edits = subject && row.kind === 'review' && row.state === 'approved' ? await editsOfCall(context, row, subject.input) : []
  const kind = edits.length > 0 ? 'edited' : row.state
  const answer = made({ ...of, id: `${row.id}:answer`, kind, tool, reason: row.reason, touched, edits })
  const unticked = row.kind === 'preview' && row.state === 'approved' ? await untickedBefore(context, run, row.id) : []
  return unticked.length === 0
    ? [answer]
    : [answer, made({ ...of, id: `${row.id}:unticked`, kind: 'unticked', tool: null, reason: null, touched: unticked, edits: [] })]
}

/** Inputs of a plan that a person changed while its preview waited. */
export async function madeByEdit(
  context: MadeContext,
  data: { approval: string; run: string; by: string; inputs: string[] },
  at: number,
  seq: number,
): Promise<Made[]> {
  const run = await runOf(context, data.run)
  if (!run) return []
  const { plan } = JSON.parse(run.frozen_json) as { plan: Plan } // written by runs
  const inputs = JSON.parse(run.inputs_json) as Record<string, unknown> // likewise
  const edits = data.inputs.flatMap((name) => editOf(name, plan.inputs[name]?.title ?? name, inputs[name]))
  if (edits.length === 0) return []
  const of = {
    context,
    run,
    at,
    person: data.by,
    agent: agentOf(run),
    step: '',
    title: run.plan_name,
    question: 'preview',
    labels: labelsIn(run.labels),
  }
  return [made({ ...of, id: `${data.approval}:edit:${seq}`, kind: 'edited', tool: null, reason: null, touched: [], edits })]
}

/** A run that a person took back; taking that back again is another matter. */
export async function madeByUndo(context: MadeContext, undo: string, at: number): Promise<Made[]> {
  const row = await runOf(context, undo)
  const run = row?.kind === 'undo' && row.of !== null ? await runOf(context, row.of) : undefined
  if (!row || !run || run.kind !== 'run') return []
  const by = JSON.parse(row.actor_json) as Actor // written by runs
  const of = {
    context,
    run,
    at,
    person: by.name ?? by.id,
    agent: agentOf(run),
    step: '',
    title: run.plan_name,
    question: null,
    labels: labelsIn(run.labels),
  }
  return [made({ ...of, id: `${undo}:undo`, kind: 'undone', tool: null, reason: null, touched: [], edits: [] })]
}

interface Making {
  context: MadeContext
  run: RunFacts
  id: string
  at: number
  kind: DecisionKind
  person: string
  agent: string | null
  tool: string | null
  step: string
  title: string
  question: string | null
  reason: string | null
  touched: Touched[]
  edits: Edited[]
  labels: Labels
}

const VERB: Record<DecisionKind, string> = {
  approved: 'Approved',
  refused: 'Refused',
  edited: 'Changed',
  unticked: 'Left out',
  undone: 'Took back',
}

function made({ context, run, id, at, kind, person, agent, tool, step, title, question, reason, touched, edits, labels }: Making): Made {
  const places = touched.flatMap(({ place }) => (place?.startsWith('/') ? context.labels.of(place) : [])).map(({ label }) => label)
  const words = kind === 'unticked' ? `${VERB.unticked}: ${touched.length} of “${run.plan_name}”` : `${VERB[kind]}: ${title}`
  const subject = {
    plan: { id: run.plan_id, name: run.plan_name },
    question,
    touched,
    edits,
    words: words.slice(0, 300),
    labels: joinLabels(labels, places),
  }
  return { id, at, kind, person, agent, tool, run: run.id, step, reason, subject }
}

const runOf = ({ store }: MadeContext, id: string): Promise<RunFacts | undefined> =>
  store.db.selectFrom('runs').select(FACTS).where('id', '=', id).executeTakeFirst()

const labelsIn = (text: string): Labels => JSON.parse(text) as Labels // written by runs

function agentOf({ actor_json }: RunFacts): string | null {
  const actor = JSON.parse(actor_json) as Actor // written by runs
  return actor.kind === 'agent' ? actor.id : null
}

function touchedOf(row: ApprovalRow, preview: Preview | null, subject: Approval['subject']): Touched[] {
  if (preview && preview.changes.length > 0) return touchedBy(preview)
  const needs = touchedByNeeds(JSON.parse(row.needs_json) as Need[], subject?.tool ?? null) // written by runs
  return needs.length > 0 || !subject ? needs : touchedByCall(subject)
}

/** What the first preview of a run showed and its approved one leaves out. */
async function untickedBefore({ store, previews }: MadeContext, run: RunFacts, approval: string): Promise<Touched[]> {
  const { unticked = [] } = JSON.parse(run.options_json) as { unticked?: string[] } // written by runs
  if (unticked.length === 0) return []
  const first = await store.db
    .selectFrom('approvals')
    .select('revision')
    .where('run', '=', run.id)
    .where('kind', '=', 'preview')
    .where('id', '<>', approval)
    .where('revision', 'is not', null)
    .orderBy('revision', 'asc')
    .executeTakeFirst()
  const shown = first?.revision == null ? null : await previews.load(run.id, first.revision).catch(() => null)
  return shown ? touchedBy(shown, (step) => unticked.includes(step)) : []
}

/** Inputs of an agent's call that a person made otherwise, in their answer. */
async function editsOfCall({ store }: MadeContext, row: ApprovalRow, before: unknown): Promise<Edited[]> {
  const events = await store.db
    .selectFrom('run_events')
    .select('data_json')
    .where('run', '=', row.run)
    .where('type', '=', 'approval-answered')
    .where('path', '=', row.step)
    .execute()
  const answers = events.map(({ data_json }) => JSON.parse(data_json) as { approval: string; answer: string; output?: Recorded }) // the journal's shape
  const output = answers.find(({ approval, answer }) => approval === row.id && answer === 'done')?.output?.value
  if (typeof output !== 'object' || output === null) return []
  const was = typeof before === 'object' && before !== null ? new Map(Object.entries(before)) : new Map<string, unknown>()
  return Object.entries(output).flatMap(([name, value]) => (isDeepStrictEqual(was.get(name), value) ? [] : editOf(name, name, value)))
}

const LONGEST_VALUE = 200

function editOf(name: string, title: string, to: unknown): Edited[] {
  if (typeof to === 'number' || typeof to === 'boolean') return [{ name, title, to }]
  return typeof to === 'string' && to !== '' && to.length <= LONGEST_VALUE && !to.includes('\n') ? [{ name, title, to }] : []
}

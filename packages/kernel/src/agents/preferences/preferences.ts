import { LifeOsError } from '@life-os/contract'
import type { Preference } from '@life-os/contract'
import { fromColumn } from '../../store/index.ts'
import type { PreferenceRow, Store } from '../../store/index.ts'
import type { Preferences } from '../types.ts'
import { deriveFrom } from './derive.ts'
import { labelsOfWords } from './places.ts'
import type { PlaceLabels } from './places.ts'

export interface PreferencesDependencies {
  store: Pick<Store, 'db' | 'transaction' | 'audit'>
  /** Labels of places that a sentence speaks of. */
  labels: PlaceLabels
  clock: { now(): number }
  newId(): string
}

/** Sentences told to one agent at most, newest first. */
const MOST_TOLD = 20
/** Decisions looked at, newest first: what a person wanted long ago says little. */
const MOST_DECISIONS = 1000
const LONGEST = 500

/** See {@link Preferences}. */
export function createPreferences({ store, labels, clock, newId }: PreferencesDependencies): Preferences {
  const { db } = store
  const rows = (agent?: string): Promise<PreferenceRow[]> => {
    const all = db.selectFrom('preferences').selectAll().orderBy('updated_at', 'desc').orderBy('id', 'desc')
    return (agent === undefined ? all : all.where((e) => e.or([e('agent', 'is', null), e('agent', '=', agent)]))).execute()
  }
  const need = async (id: string): Promise<PreferenceRow> => {
    const row = await db.selectFrom('preferences').selectAll().where('id', '=', id).executeTakeFirst()
    if (!row) throw new LifeOsError('preference-missing', 'There is no such sentence. It may have been forgotten; load the list again.')
    return row
  }
  const audited = (rule: string, id: string, by: string) =>
    store.audit.append({ kind: 'setting', actor: by, run: null, step: null, tool: null, verdict: null, rule, data: { preference: id } })
  const view = (row: PreferenceRow): Preference => preferenceOf(row, labels)

  return {
    list: async (agent) => (await rows(agent)).map(view),
    async kept(agent) {
      const kept = (await rows(agent)).filter(({ state }) => state === 'kept').slice(0, MOST_TOLD)
      return kept.map(view).map(({ sentence, labels: own }) => ({ sentence, labels: own }))
    },
    async add(sentence, agent, by) {
      const at = clock.now()
      const row: PreferenceRow = {
        id: newId(),
        sentence: worded(sentence),
        state: 'kept',
        agent,
        origin: 'person',
        rule: null,
        evidence_json: '[]',
        labels: '[]',
        created_at: at,
        updated_at: at,
      }
      await db.insertInto('preferences').values(row).execute()
      await audited('preference-added', row.id, by)
      return view(row)
    },
    async set(id, { state, sentence }, by) {
      const row = await need(id)
      const patch = {
        ...(state !== undefined && { state }),
        ...(sentence !== undefined && { sentence: worded(sentence) }),
        updated_at: clock.now(),
      }
      await db.updateTable('preferences').set(patch).where('id', '=', id).execute()
      await audited('preference-changed', id, by)
      return view({ ...row, ...patch })
    },
    async remove(id, by) {
      const evidence = JSON.parse((await need(id)).evidence_json) as { decision?: string }[] // written by derive below
      const led = evidence.flatMap(({ decision }) => decision ?? [])
      await store.transaction(async (tx) => {
        await tx.deleteFrom('preferences').where('id', '=', id).execute()
        if (led.length > 0) await tx.deleteFrom('decisions').where('id', 'in', led).execute()
      })
      await audited('preference-removed', id, by)
    },
    async derive() {
      const decisions = await db
        .selectFrom('decisions')
        .selectAll()
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(MOST_DECISIONS)
        .execute()
      const known = new Set((await rows()).map(({ rule }) => rule))
      const fresh = deriveFrom(decisions.toReversed()).filter(({ rule }) => !known.has(rule))
      const at = clock.now()
      for (const { rule, sentence, agent, evidence, labels: own } of fresh)
        await db
          .insertInto('preferences')
          .values({
            id: newId(),
            sentence: sentence.slice(0, LONGEST),
            state: 'proposed',
            agent,
            origin: 'decisions',
            rule,
            evidence_json: JSON.stringify(evidence),
            labels: JSON.stringify(own),
            created_at: at,
            updated_at: at,
          })
          .execute()
      return fresh.length
    },
  }
}

/** A sentence on one line: line breaks could make it look like more than a sentence. Error: `preference-empty`. */
function worded(sentence: string): string {
  const words = sentence.replaceAll(/\s+/g, ' ').trim()
  if (words === '') throw new LifeOsError('preference-empty', 'Write a sentence, for example: Answer in German.')
  if (words.length > LONGEST) throw new LifeOsError('preference-too-long', `Write it in at most ${LONGEST} characters.`)
  return words
}

function preferenceOf(row: PreferenceRow, labels: PlaceLabels): Preference {
  const stored = fromColumn(row.labels)
  return {
    id: row.id,
    sentence: row.sentence,
    state: row.state as Preference['state'], // the columns hold what this module wrote
    agent: row.agent,
    origin: row.origin as Preference['origin'], // likewise
    evidence: fromColumn(row.evidence_json),
    labels: labelsOfWords(row.sentence, stored, labels),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

import { homedir } from 'node:os'
import { expect, test } from 'vitest'
import { uuidv7 } from 'uuidv7'
import type { DecisionSubject } from '../decisions/subject.ts'
import { createLabelBook } from '../../labels/index.ts'
import { eachDatabase } from '../../testing/index.ts'
import type { FreshStore } from '../../testing/index.ts'
import { createPreferences } from './preferences.ts'

async function setUp({ store }: FreshStore) {
  const clock = { at: 1000, now: () => clock.at }
  const labels = await createLabelBook({ store, now: clock.now })
  const refused = async (place: string, own: DecisionSubject['labels'] = []) => {
    const at = (clock.at += 1)
    const touched = [{ kind: 'file-move', tool: null, place, extension: null }]
    const subject: DecisionSubject = {
      plan: { id: 'p', name: 'P' },
      question: 'preview',
      touched,
      edits: [],
      words: `Refused ${at}`,
      labels: own,
    }
    const row = { id: uuidv7(), at, kind: 'refused', person: 'Ada', agent: null, tool: null, run: uuidv7(), step: '', reason: null }
    await store.db
      .insertInto('decisions')
      .values({ ...row, subject_json: JSON.stringify(subject) })
      .execute()
  }
  return { preferences: createPreferences({ store, labels, clock, newId: uuidv7 }), labels, clock, refused }
}
const texts = (list: readonly { sentence: string }[]) => list.map(({ sentence }) => sentence)

eachDatabase((open) => {
  test('a proposed sentence says nothing to a model until a person keeps it, and is proposed once', async () => {
    await using fresh = await open()
    const { preferences, refused } = await setUp(fresh)
    for (const _ of [1, 2, 3]) await refused('/srv/a')
    expect(await preferences.derive()).toBe(1)
    expect(await preferences.derive()).toBe(0)
    const [proposed] = await preferences.list()
    expect(proposed).toMatchObject({
      sentence: 'Leave files in /srv/a where they are.',
      state: 'proposed',
      origin: 'decisions',
      agent: null,
    })
    expect(proposed?.evidence).toHaveLength(3)
    expect(await preferences.kept('clerk')).toEqual([])
    await preferences.set(proposed?.id ?? '', { state: 'kept', sentence: 'Leave /srv/a alone.' }, 'ada')
    expect(await preferences.kept('clerk')).toEqual([{ sentence: 'Leave /srv/a alone.', labels: [] }])
    await refused('/srv/a')
    expect(await preferences.derive()).toBe(0) // reworded, it is still the same sentence
  })

  test('one that is switched off is not proposed again; a forgotten one only by what comes later', async () => {
    await using fresh = await open()
    const { preferences, refused } = await setUp(fresh)
    for (const place of ['/srv/off', '/srv/off', '/srv/gone', '/srv/gone']) await refused(place)
    expect(await preferences.derive()).toBe(2)
    const of = async (words: string) => (await preferences.list()).find(({ sentence }) => sentence.includes(words))?.id ?? ''
    await preferences.set(await of('off'), { state: 'off' }, 'ada')
    await preferences.remove(await of('gone'), 'ada')
    expect(await preferences.derive()).toBe(0)
    await refused('/srv/off')
    await refused('/srv/gone')
    expect(await preferences.derive()).toBe(0)
    await refused('/srv/gone')
    expect(await preferences.derive()).toBe(1)
    expect(await preferences.kept('clerk')).toEqual([])
  })

  test('an agent is told its own sentences and those for all, newest first, at most 20', async () => {
    await using fresh = await open()
    const { preferences, clock } = await setUp(fresh)
    await preferences.add('For the clerk.', 'clerk', 'ada')
    clock.at += 1
    await preferences.add('For another.', 'coder', 'ada')
    clock.at += 1
    await preferences.add('For all.', null, 'ada')
    expect(texts(await preferences.kept('clerk'))).toEqual(['For all.', 'For the clerk.'])
    expect(texts(await preferences.list('coder'))).toEqual(['For all.', 'For another.'])
    for (let index = 0; index < 25; index++) await preferences.add(`Sentence ${index}.`, null, 'ada')
    expect(await preferences.kept('clerk')).toHaveLength(20)
    await expect(preferences.add(' \n ', null, 'ada')).rejects.toMatchObject({ code: 'preference-empty' })
    await expect(preferences.remove('nobody', 'ada')).rejects.toMatchObject({ code: 'preference-missing' })
  })

  test('what speaks of a private place is private, from the moment on that the place is', async () => {
    await using fresh = await open()
    const { preferences, labels, refused } = await setUp(fresh)
    await preferences.add('Keep “~/My Taxes/2024”, all of it, by year.', null, 'ada')
    await preferences.add('Answer in German.', null, 'ada')
    expect((await preferences.kept('a')).map((one) => one.labels)).toEqual([[], []])
    await labels.setFolder(`${homedir()}/My Taxes`, ['private'], 'ada')
    expect(new Map((await preferences.kept('a')).map((one) => [one.sentence, one.labels]))).toEqual(
      new Map([
        ['Keep “~/My Taxes/2024”, all of it, by year.', ['private']],
        ['Answer in German.', []],
      ]),
    )
    for (const _ of [1, 2]) await refused('/srv/secretive', ['private'])
    await preferences.derive()
    expect((await preferences.list()).find(({ origin }) => origin === 'decisions')?.labels).toEqual(['private'])
  })
})

import { describe, expect, test } from 'vitest'
import { sql } from 'kysely'
import { forEachStore, messageRow, threadRow } from '../testing.ts'
import type { Store } from '../types.ts'
import { excerptOf, searchQuery, wordsOf } from './index.ts'

describe('words', () => {
  test.each([
    ['Ärger über die Rechnung', 'arger uber die rechnung'],
    ['mail ada@example.org, or https://a.example/x?y=1', 'mail ada example org or https a example x y 1'],
    ['猫が好き', '猫 か 好 き'],
    ['ﬁnance ½ İstanbul', 'finance 1 2 istanbul'],
    ['%_\\ \' " ; -- …', ''],
    ['\u0000a\uD800b', 'a b'],
  ])('%j is found by %j', (text, words) => expect(wordsOf(text)).toBe(words))

  test('a word and a text that no index would take are cut', () => {
    expect(wordsOf('x'.repeat(10_000))).toHaveLength(64)
    expect(wordsOf('word '.repeat(100_000)).length).toBeLessThanOrEqual(250_000)
    expect(wordsOf('𐎀'.repeat(100)).isWellFormed()).toBe(true)
  })
})

describe('an excerpt', () => {
  test.each([
    ['The invoice of March, and an Invoice of May', 'invoice', 'The «invoice» of March, and an «Invoice» of May'],
    ['The invoice of March', 'of mar', 'The invoice «of March»'],
    ['The invoice of March', '"invoice of"', 'The «invoice of» March'],
    ['«quoted» words\nover lines', 'words', '‹quoted› «words» over lines'],
    ['nothing of it', 'absent', 'nothing of it'],
  ])('of %j for %j', (text, typed, excerpt) => expect(excerptOf(text, searchQuery(typed))).toBe(excerpt))

  test('of a long text shows the place, with its surroundings', () => {
    const excerpt = excerptOf(`${'before '.repeat(100)}needle ${'after '.repeat(100)}`, searchQuery('needle'))
    expect(excerpt).toMatch(/^… (before )+«needle» (after )+…$/)
    expect(excerpt.length).toBeLessThan(240)
  })
})

const found = async (store: Store, typed: string): Promise<string[]> => {
  const rows = await store.db
    .selectFrom('messages')
    .select('id')
    .where(store.matches('messages', searchQuery(typed)))
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

forEachStore((_, open) => {
  test('every database finds the same', async () => {
    await using opened = await open()
    const { store } = opened
    const texts: Record<string, string> = {
      a: 'The invoice of March came to 120 EUR',
      b: 'Ärger mit der Rechnung: invoices, no. 17',
      c: '猫が好きです',
      d: `mail ada@example.org ${'x'.repeat(5000)} ''; drop table messages; --`,
    }
    await store.db.insertInto('threads').values(threadRow('t')).execute()
    for (const [id, text] of Object.entries(texts))
      await store.db
        .insertInto('messages')
        .values(messageRow(id, 't', text))
        .execute()
    const cases: [typed: string, ids: string[]][] = [
      ['invoice', ['a', 'b']],
      ['"invoice"', ['a']],
      ['INVOI march', ['a']],
      ['march invoice', ['a']],
      ['"march invoice"', []],
      ['"of march"', ['a']],
      ['arger', ['b']],
      ['ärger', ['b']],
      ['猫', ['c']],
      ['好き', ['c']],
      ['き好', []],
      ['ada@example', ['d']],
      ['example.org', ['d']],
      ["'; drop", ['d']],
      ["rechnung' | invoice & ! :* ", ['b']],
      ['NEAR(a b) OR march', []],
      [`${'x'.repeat(5000)}`, ['d']],
      ['absent', []],
    ]
    const answers = await Promise.all(cases.map(async ([typed]) => [typed, await found(store, typed)]))
    expect(answers).toEqual(cases)
  })

  test('what is changed or removed is found as it is now', async () => {
    await using opened = await open()
    const { store } = opened
    await store.db.insertInto('threads').values(threadRow('t')).execute()
    await store.db
      .insertInto('messages')
      .values([messageRow('a', 't', 'apples'), messageRow('b', 't', 'apples')])
      .execute()
    await store.db
      .updateTable('messages')
      .set({ text: 'pears', words: wordsOf('pears') })
      .where('id', '=', 'a')
      .execute()
    expect([await found(store, 'apples'), await found(store, 'pears')]).toEqual([['b'], ['a']])
    if (store.dialect === 'sqlite') await sql`vacuum`.execute(store.db) // which may number rows anew
    expect([await found(store, 'apples'), await found(store, 'pears')]).toEqual([['b'], ['a']])
    await store.db.deleteFrom('threads').execute()
    expect([await found(store, 'apples'), await found(store, 'pears')]).toEqual([[], []])
    await store.db.insertInto('threads').values(threadRow('t')).execute()
    await store.db
      .insertInto('messages')
      .values(messageRow('c', 't', 'plums'))
      .execute()
    expect([await found(store, 'apples'), await found(store, 'plums')]).toEqual([[], ['c']])
  })
})

import { expect, test } from 'vitest'
import { uuidv7 } from 'uuidv7'
import { eachDatabase } from '../testing/index.ts'
import type { FreshStore } from '../testing/index.ts'
import { createAuth } from './auth.ts'
import { scopesOf } from './roles.ts'

const MINUTE = 60_000
const DAY = 86_400_000
const GOOD = 'correct horse battery'

function setUp(fresh: FreshStore) {
  const clock = { at: 1_800_000_000_000 }
  const auth = createAuth({ store: fresh.store, now: () => clock.at, newId: uuidv7, ownerName: 'Ada' })
  return { auth, clock, db: fresh.store.db }
}
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: { code?: string }) => error.code,
  )

eachDatabase((open) => {
  test('the owner is made once, also when asked twice at the same time', async () => {
    await using fresh = await open()
    const { auth } = setUp(fresh)
    const [one, two] = await Promise.all([auth.owner(), auth.owner()])
    expect(one).toEqual(two)
    expect(one).toMatchObject({ name: 'Ada', role: 'admin', hasPassphrase: false })
    expect(await auth.people()).toHaveLength(1)
  })

  test('a link signs in once, for half an hour', async () => {
    await using fresh = await open()
    const { auth, clock } = setUp(fresh)
    const { id } = await auth.owner()
    const link = await auth.link(id)
    const both = await Promise.allSettled([auth.signIn({ link }, 'a'), auth.signIn({ link }, 'b')])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(await codeOf(auth.signIn({ link }, 'c'))).toBe('link-invalid')
    const late = await auth.link(id)
    clock.at += 31 * MINUTE
    expect(await codeOf(auth.signIn({ link: late }, 'd'))).toBe('link-invalid')
  })

  test('no secret stands in the database', async () => {
    await using fresh = await open()
    const { auth, db } = setUp(fresh)
    const { id } = await auth.owner()
    const link = await auth.link(id)
    const signedIn = await auth.signIn({ link }, 'a')
    const identity = await auth.fromSession(signedIn.secret)
    const { secret } = await auth.addToken(identity!, 'script', ['read'])
    await auth.setPassphrase(identity!, GOOD, undefined)
    const rows = JSON.stringify(
      await Promise.all([
        db.selectFrom('sessions').selectAll().execute(),
        db.selectFrom('links').selectAll().execute(),
        db.selectFrom('tokens').selectAll().execute(),
        db.selectFrom('people').selectAll().execute(),
        db.selectFrom('audit').selectAll().execute(),
      ]),
    )
    for (const hidden of [link, signedIn.secret, secret, GOOD]) expect(rows).not.toContain(hidden)
  })

  test('a session lives a month from its last use and half a year at most', async () => {
    await using fresh = await open()
    const { auth, clock } = setUp(fresh)
    const { secret } = await auth.signIn({ link: await auth.link((await auth.owner()).id) }, 'a')
    for (let month = 0; month < 6; month += 1) {
      expect(await auth.fromSession(secret), `after ${month} times 29 days`).toBeDefined()
      clock.at += 29 * DAY
    }
    clock.at += 7 * DAY
    expect(await auth.fromSession(secret)).toBeUndefined()
    const other = await auth.signIn({ link: await auth.link((await auth.owner()).id) }, 'a')
    clock.at += 31 * DAY
    expect(await auth.fromSession(other.secret)).toBeUndefined()
  })

  test('signing out ends the session', async () => {
    await using fresh = await open()
    const { auth } = setUp(fresh)
    const { secret } = await auth.signIn({ link: await auth.link((await auth.owner()).id) }, 'a')
    await auth.signOut(secret)
    expect(await auth.fromSession(secret)).toBeUndefined()
  })

  test('a new passphrase ends the other sessions and asks for the present one', async () => {
    await using fresh = await open()
    const { auth } = setUp(fresh)
    const { id } = await auth.owner()
    const here = await auth.signIn({ link: await auth.link(id) }, 'a')
    const there = await auth.signIn({ link: await auth.link(id) }, 'a')
    const identity = await auth.fromSession(here.secret)
    expect(await auth.hasPassphrase()).toBe(false)
    await auth.setPassphrase(identity!, GOOD, undefined)
    expect(await auth.hasPassphrase()).toBe(true)
    expect(await auth.fromSession(here.secret)).toBeDefined()
    expect(await auth.fromSession(there.secret)).toBeUndefined()
    expect(await codeOf(auth.setPassphrase(identity!, 'another long one', undefined))).toBe('passphrase-needed')
    expect(await codeOf(auth.setPassphrase(identity!, 'another long one', 'wrong'))).toBe('passphrase-wrong')
    await auth.setPassphrase(identity!, 'another long one', GOOD)
    expect((await auth.signIn({ name: 'ada', passphrase: 'another long one' }, 'b')).person.id).toBe(id)
  })

  test('guesses are slowed by name and by address, also when sent at once, and a wait frees them', async () => {
    await using fresh = await open()
    const { auth, clock } = setUp(fresh)
    await auth.setPassphrase(await auth.asOwner(), GOOD, undefined)
    const guesses = await Promise.all(
      Array.from({ length: 12 }, (_, index) => codeOf(auth.signIn({ name: 'Ada', passphrase: `guess ${index}` }, `address ${index}`))),
    )
    expect(guesses.filter((code) => code === 'sign-in-failed')).toHaveLength(5)
    expect(guesses.filter((code) => code === 'too-many-attempts')).toHaveLength(7)
    expect(await codeOf(auth.signIn({ name: 'Ada', passphrase: GOOD }, 'elsewhere'))).toBe('too-many-attempts')
    clock.at += 2000
    expect((await auth.signIn({ name: 'Ada', passphrase: GOOD }, 'elsewhere')).person.name).toBe('Ada')
    for (let guess = 0; guess < 5; guess += 1) await codeOf(auth.signIn({ link: `guess ${guess}` }, 'one place'))
    expect(await codeOf(auth.signIn({ link: 'guess 6' }, 'one place'))).toBe('too-many-attempts')
  })

  test('an unknown name is told like a wrong passphrase', async () => {
    await using fresh = await open()
    const { auth } = setUp(fresh)
    await auth.setPassphrase(await auth.asOwner(), GOOD, undefined)
    const told = await Promise.all(
      ['Ada', 'Nobody'].map((name, index) =>
        auth.signIn({ name, passphrase: 'wrong wrong' }, `${index}`).catch((error: Error) => error.message),
      ),
    )
    expect(told[0]).toBe(told[1])
  })

  test('a token has no more than its scopes, nor than its person, and no longer than its days', async () => {
    await using fresh = await open()
    const { auth, clock } = setUp(fresh)
    const owner = await auth.asOwner()
    const { link } = await auth.add('Bob', 'member')
    const bob = await auth.fromSession((await auth.signIn({ link }, 'a')).secret)
    expect(await codeOf(auth.addToken(bob!, 'wide', ['admin']))).toBe('scope-too-wide')
    const { secret, token } = await auth.addToken(bob!, 'script', ['read', 'run'], 10)
    expect(secret).toMatch(/^lifeos_[\w-]{43}$/)
    expect([...(await auth.fromToken(secret))!.scopes].toSorted()).toEqual(['read', 'run'])
    expect(await auth.tokens(owner)).toHaveLength(1)
    expect(await codeOf(auth.removeToken({ ...bob!, person: owner.person, scopes: scopesOf('member') }, token.id))).toBe('token-unknown')
    clock.at += 10 * DAY
    expect(await auth.fromToken(secret)).toBeUndefined()
    expect(await auth.fromToken('lifeos_nothing')).toBeUndefined()
  })

  test('whoever is removed is out at once; the owner and oneself stay', async () => {
    await using fresh = await open()
    const { auth } = setUp(fresh)
    const owner = await auth.asOwner()
    const { person, link } = await auth.add('Bob', 'admin')
    const bob = await auth.fromSession((await auth.signIn({ link }, 'a')).secret)
    const { secret } = await auth.addToken(bob!, 'script', ['read'])
    expect(await codeOf(auth.add(' bob ', 'viewer'))).toBe('name-taken')
    expect(await codeOf(auth.remove(owner.person.id, bob!))).toBe('person-owner')
    expect(await codeOf(auth.remove(person.id, bob!))).toBe('person-self')
    await auth.remove(person.id, owner)
    expect(await auth.fromToken(secret)).toBeUndefined()
    expect(await auth.people()).toHaveLength(1)
    await auth.add('Bob', 'viewer')
  })

  test('every sign-in, good or bad, is in the audit record', async () => {
    await using fresh = await open()
    const { auth, db } = setUp(fresh)
    const { id } = await auth.owner()
    await auth.signIn({ link: await auth.link(id) }, '127.0.0.1')
    await codeOf(auth.signIn({ link: 'no' }, '127.0.0.1'))
    const records = await db.selectFrom('audit').select(['kind', 'actor', 'verdict', 'rule']).orderBy('seq').execute()
    expect(records).toEqual([
      { kind: 'sign-in', actor: id, verdict: 'allow', rule: 'sign-in-link' },
      { kind: 'sign-in', actor: 'unknown', verdict: 'deny', rule: 'sign-in-link' },
    ])
  })
})

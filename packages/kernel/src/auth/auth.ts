import { LifeOsError } from '@life-os/contract'
import type { ApiToken, Person, Role, Scope } from '@life-os/contract'
import type { Store } from '../store/types.ts'
import { createAttempts } from './attempts.ts'
import { hashPassphrase, verifyPassphrase } from './passphrase.ts'
import { createPeople, personOf } from './people.ts'
import type { Identity } from './roles.ts'
import { scopesOf } from './roles.ts'
import { createSessions } from './sessions.ts'
import { createTokens } from './tokens.ts'

export interface AuthDependencies {
  store: Pick<Store, 'db' | 'transaction' | 'audit'>
  now(): number
  newId(): string
  /** What the first person is called; they own this Life-OS. */
  ownerName: string
}

/** `secret` goes into the cookie and is kept nowhere else. */
export interface SignedIn {
  person: Person
  secret: string
  csrf: string
  expiresAt: number
}

export interface Auth {
  /** The machine's owner: the first administrator, made on first use. */
  owner(): Promise<Person>
  /** Whoever holds the owner's socket or folder. */
  asOwner(): Promise<Identity>
  fromSession(secret: string): Promise<Identity | undefined>
  fromToken(secret: string): Promise<Identity | undefined>
  /** Errors: `link-invalid`, `sign-in-failed`, `too-many-attempts` (details.retryAfter in seconds). */
  signIn(proof: { link: string } | { name: string; passphrase: string }, address: string): Promise<SignedIn>
  signOut(secret: string): Promise<void>
  /** A secret that signs this person in once. */
  link(person: string): Promise<string>
  /** Ends the person's other sessions. Errors: `passphrase-wrong`, `passphrase-needed`. */
  setPassphrase(identity: Identity, passphrase: string, current: string | undefined): Promise<void>
  /** Whether an administrator could sign in without a link; needed before listening beyond this machine. */
  hasPassphrase(): Promise<boolean>
  people(): Promise<Person[]>
  add(name: string, role: Role): Promise<{ person: Person; link: string }>
  remove(id: string, by: Identity): Promise<void>
  /** An administrator sees everyone's tokens, others their own. */
  tokens(by: Identity): Promise<ApiToken[]>
  addToken(by: Identity, name: string, scopes: readonly Scope[], days?: number): Promise<{ token: ApiToken; secret: string }>
  removeToken(by: Identity, id: string): Promise<void>
}

export function createAuth(dependencies: AuthDependencies): Auth {
  const { store, now, ownerName } = dependencies
  const people = createPeople(dependencies)
  const sessions = createSessions(dependencies)
  const tokens = createTokens(dependencies)
  const attempts = createAttempts({ now })
  let decoy: Promise<string> | undefined
  let making: Promise<Person> | undefined

  const owner = async (): Promise<Person> => {
    const first = (await people.all()).find((row) => row.role === 'admin')
    if (first) return personOf(first)
    making ??= people
      .add(ownerName, 'admin')
      .then(personOf)
      .finally(() => {
        making = undefined
      })
    return making
  }
  const note = (actor: string, rule: string, verdict: 'allow' | 'deny', data: Record<string, unknown>) =>
    store.audit.append({ kind: 'sign-in', actor, run: null, step: null, tool: null, verdict, rule, data })

  /** Each try counts before it is judged, so that tries sent at once cannot outrun the count. */
  const throttle = (keys: readonly string[]) => {
    const wait = Math.max(...keys.map((key) => attempts.wait(key)))
    if (wait > 0) {
      const seconds = Math.ceil(wait / 1000)
      throw new LifeOsError(
        'too-many-attempts',
        `Too many failed attempts. Try again in ${seconds} s, or ask for a one-time link with “lifeos start”.`,
        { class: 'operational', details: { retryAfter: seconds } },
      )
    }
    for (const key of keys) attempts.fail(key)
  }
  const personBehind = async (proof: { link: string } | { name: string; passphrase: string }): Promise<Person | undefined> => {
    if ('link' in proof) {
      const id = await sessions.useLink(proof.link)
      const row = id ? await people.byId(id) : undefined
      return row && personOf(row)
    }
    const row = await people.byName(proof.name)
    decoy ??= hashPassphrase('nobody has this passphrase') // an unknown name takes as long as a wrong passphrase
    const right = await verifyPassphrase(proof.passphrase, row?.passphrase ?? (await decoy))
    return row?.passphrase && right ? personOf(row) : undefined
  }

  return {
    owner,
    async asOwner() {
      const person = await owner()
      return { actor: { kind: 'cli', id: person.id, name: person.name }, person, scopes: scopesOf(person.role), via: 'socket' }
    },
    async fromSession(secret) {
      const session = await sessions.find(secret)
      const row = session && (await people.byId(session.person))
      if (!session || !row) return undefined
      const person = personOf(row)
      return {
        actor: { kind: 'person', id: person.id, name: person.name },
        person,
        scopes: scopesOf(person.role),
        via: 'session',
        csrf: session.csrf,
      }
    },
    async fromToken(secret) {
      const found = await tokens.find(secret)
      const row = found && (await people.byId(found.person))
      if (!found || !row) return undefined
      const person = personOf(row)
      const scopes = new Set(found.token.scopes).intersection(scopesOf(person.role))
      return { actor: { kind: 'token', id: person.id, name: `${person.name} (${found.token.name})` }, person, scopes, via: 'token' }
    },
    async signIn(proof, address) {
      const keys = 'link' in proof ? [`address:${address}`] : [`address:${address}`, `name:${proof.name.trim().toLowerCase()}`]
      throttle(keys)
      const person = await personBehind(proof)
      const way = 'link' in proof ? 'link' : 'passphrase'
      if (!person) {
        await note('unknown', `sign-in-${way}`, 'deny', { address })
        if (way === 'link')
          throw new LifeOsError('link-invalid', 'This link was used already or is too old. Get a new one with “lifeos start”.')
        throw new LifeOsError('sign-in-failed', 'Name or passphrase is wrong.')
      }
      for (const key of keys) attempts.succeed(key)
      await note(person.id, `sign-in-${way}`, 'allow', { address })
      const session = await sessions.open(person.id)
      return { person, ...session }
    },
    signOut: (secret) => sessions.close(secret),
    async link(person) {
      return sessions.link((await people.need(person)).id)
    },
    async setPassphrase(identity, passphrase, current) {
      const row = await people.need(identity.person.id)
      if (row.passphrase && identity.via !== 'socket') {
        if (current === undefined) throw new LifeOsError('passphrase-needed', 'Give the present passphrase as well.')
        throttle([`passphrase:${row.id}`])
        if (!(await verifyPassphrase(current, row.passphrase)))
          throw new LifeOsError('passphrase-wrong', 'The present passphrase is wrong.')
        attempts.succeed(`passphrase:${row.id}`)
      }
      const hash = await hashPassphrase(passphrase)
      await store.db.updateTable('people').set({ passphrase: hash }).where('id', '=', row.id).execute()
      await sessions.closeOthers(row.id, identity.csrf)
      await note(row.id, 'passphrase-set', 'allow', { via: identity.via })
    },
    async hasPassphrase() {
      return (await people.all()).some((row) => row.role === 'admin' && row.passphrase !== null)
    },
    async people() {
      return (await people.all()).map(personOf)
    },
    async add(name, role) {
      const row = await people.add(name, role)
      return { person: personOf(row), link: await sessions.link(row.id) }
    },
    async remove(id, by) {
      if (id === by.person.id) throw new LifeOsError('person-self', 'You cannot remove yourself. Ask another administrator.')
      if (id === (await owner()).id) throw new LifeOsError('person-owner', 'The owner of this machine cannot be removed.')
      await people.remove(id)
    },
    tokens: (by) => tokens.list(by.scopes.has('admin') ? undefined : by.person.id),
    async addToken(by, name, scopes, days) {
      const beyond = scopes.find((scope) => !by.scopes.has(scope))
      if (beyond) throw new LifeOsError('scope-too-wide', `A token cannot have “${beyond}”, which you do not have yourself.`)
      return tokens.add(by.person.id, name, scopes, days)
    },
    removeToken: (by, id) => tokens.remove(id, by.scopes.has('admin') ? undefined : by.person.id),
  }
}

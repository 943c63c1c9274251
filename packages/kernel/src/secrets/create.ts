import type { SecretRow, Store, StoreLogger } from '../store/index.ts'
import { accessOf, createAccess } from './access.ts'
import { checkSecret } from './check.ts'
import { refreshFailed, secretElsewhere, secretMissing, secretUnreadable } from './faults.ts'
import { createKeeper } from './keeper.ts'
import { createKeyFile } from './key-file.ts'
import type { KeyPlace, KeyRing } from './key-ring.ts'
import { refresh } from './oauth.ts'
import type { SendRequest } from './oauth.ts'
import { meansPlace } from './place.ts'
import type { LiveRedactor } from './redactor.ts'
import { boundOf, openRow, rowOf, rowsOf, sealedColumns, secretOf } from './rows.ts'
import type { Bound, SealedMaterial } from './seal.ts'
import type { Secrets, SecretUser } from './types.ts'

export interface SecretsDeps {
  store: Pick<Store, 'db' | 'audit' | 'transaction'>
  /** LIFEOS_HOME, where the key file lies unless `keys` says otherwise. */
  home: string
  now(): number
  redactor: LiveRedactor
  logger: Pick<StoreLogger, 'warn'>
  /** For refreshing OAuth2 tokens. */
  send: SendRequest
  keys?: KeyPlace
  /** Milliseconds that a token endpoint may take. */
  patience?: number
}

const USED_EVERY = 60_000 // ms between notes of the last use

/**
 * Opens the secrets of a store and tells the redactor their values. A key that cannot be used does not keep Life-OS from
 * starting: each use fails with the reason, until it is mended.
 */
export async function createSecrets(deps: SecretsDeps): Promise<Secrets> {
  const { store, now, redactor, logger, send, patience = 20_000 } = deps
  const { db } = store
  const keys = deps.keys ?? createKeyFile(deps.home)
  const keeper = createKeeper(keys)
  const inTurn = createTurns()

  const know = ({ name, user, hosts }: Bound, material: SealedMaterial): void => {
    const values = [material.value, material.oauth?.clientSecret, material.access?.token].filter((value) => value !== undefined)
    redactor.know({ name, values, hosts, ...(user !== null && { user }) })
  }
  const required = async (name: string): Promise<SecretRow> => {
    const row = await rowOf(db, name)
    if (row) return row
    throw secretMissing(name)
  }
  const materialOf = async (row: SecretRow): Promise<SealedMaterial> => {
    const ring = await keeper.known()
    const material = ring && openRow(ring, row)
    if (!material) throw secretUnreadable(row.name, keys.title)
    know(boundOf(row), material)
    return material
  }
  const audit = (rule: string, by: SecretUser, data: Record<string, unknown>): Promise<void> =>
    store.audit.append({
      kind: 'secret',
      actor: by.actor,
      run: by.run ?? null,
      step: by.step ?? null,
      tool: by.tool ?? null,
      verdict: null,
      rule,
      data,
    })

  const access = createAccess({ now, load: async (name) => materialOf(await required(name)), renew })

  async function renew(name: string): Promise<string> {
    const row = await required(name)
    const material = await materialOf(row)
    const made = await refresh(name, material, send, AbortSignal.timeout(patience)).catch((error: unknown) => renewedElsewhere(row, error))
    if (typeof made === 'string') return made
    redactor.know({ name, values: [made.token, ...(made.refresh === undefined ? [] : [made.refresh])] })
    return inTurn(async () => {
      const present = await required(name)
      if ((await materialOf(present)).value !== material.value) throw refreshFailed(name, 'it was set anew meanwhile', { mendable: false })
      const next = { ...material, value: made.refresh ?? material.value, access: accessOf(made.token, made.lifetime, now()) }
      const { current } = await keeper.wanted()
      const columns = { ...sealedColumns(current, boundOf(present), next), expires_at: next.access.expiresAt }
      await db.updateTable('secrets').set(columns).where('name', '=', name).execute() // durable before the token is used
      return made.token
    })
  }

  /** On a shared store another process may have used the refresh token up just now; what it got is as good. */
  async function renewedElsewhere(row: SecretRow, error: unknown): Promise<string> {
    const present = await rowOf(db, row.name)
    const { access: other } = present && present.sealed !== row.sealed ? await materialOf(present) : {}
    if (other && (other.expiresAt === null || other.expiresAt > now())) return other.token
    throw error
  }

  async function seal(ring: KeyRing): Promise<number> {
    return store.transaction(async (tx) => {
      let sealed = 0
      for (const row of await rowsOf(tx)) {
        const material = openRow(ring, row)
        if (!material) continue // it opens under no key of ours, before as after
        await tx
          .updateTable('secrets')
          .set(sealedColumns(ring.current, boundOf(row), material))
          .where('name', '=', row.name)
          .execute()
        sealed += 1
      }
      return sealed
    })
  }

  async function open(): Promise<void> {
    const ring = await keeper.known()
    for (const row of await rowsOf(db)) {
      const material = ring && openRow(ring, row)
      if (material) know(boundOf(row), material)
      else logger.warn({ secret: row.name }, 'a secret cannot be opened with the key of this folder')
    }
    if (!ring || ring.keys.length === 1) return
    await seal(ring) // a rotation was cut off
    await keeper.finish()
  }
  await open().catch((error: unknown) =>
    logger.warn({ error: error instanceof Error ? error.message : String(error) }, 'secrets cannot be opened'),
  )

  return {
    redactor,
    redactorFor: (places) => redactor.meant(places),
    list: async () => (await rowsOf(db)).map(secretOf),
    async get(name) {
      const row = await rowOf(db, name)
      return row && secretOf(row)
    },
    set: (given, by) =>
      inTurn(async () => {
        const checked = checkSecret(given)
        const material: SealedMaterial = { value: checked.value, ...(checked.oauth && { oauth: withoutUndefined(checked.oauth) }) }
        const bound = { name: checked.name, kind: checked.kind, hosts: checked.hosts, user: checked.user ?? null }
        know(bound, material)
        const before = await rowOf(db, checked.name)
        const row = newRow(
          bound,
          checked.title,
          sealedColumns((await keeper.wanted()).current, bound, material),
          before?.created_at ?? now(),
          now(),
        )
        const { name: _name, created_at: _made, ...changed } = row
        await db
          .insertInto('secrets')
          .values(row)
          .onConflict((clash) => clash.column('name').doUpdateSet(changed))
          .execute()
        await audit(before ? 'secret-replaced' : 'secret-set', { actor: by }, { secret: row.name, kind: row.kind, hosts: checked.hosts })
        return secretOf(row)
      }),
    remove: (name, by) =>
      inTurn(async () => {
        await required(name)
        await db.deleteFrom('secrets').where('name', '=', name).execute()
        await audit('secret-removed', { actor: by }, { secret: name })
      }),
    async use(name, place, signal, by = { actor: 'system' }, rejected) {
      const row = await required(name)
      const { kind, hosts, user } = boundOf(row)
      if (!hosts.some((pattern) => meansPlace(pattern, place))) throw secretElsewhere(name, place)
      const { value } = await materialOf(row)
      const token = kind === 'oauth2' ? await access(name, rejected, signal) : value
      await audit('secret-used', by, { secret: name, place })
      if (row.used_at === null || now() - row.used_at >= USED_EVERY)
        await db.updateTable('secrets').set({ used_at: now() }).where('name', '=', name).execute()
      return kind === 'basic' ? { kind, user: user ?? '', value } : { kind, value: token }
    },
    async read(name, by) {
      const row = await required(name)
      const { value } = await materialOf(row)
      const bare = row.kind === 'oauth2' ? await access(name, undefined, AbortSignal.timeout(patience)) : value
      await audit('secret-read', by, { secret: name })
      return bare
    },
    rotateKey: (by) =>
      inTurn(async () => {
        const sealed = await seal(await keeper.begin())
        await keeper.finish()
        await audit('secrets-key-rotated', { actor: by }, { secrets: sealed })
        return sealed
      }),
  }
}

function newRow(bound: Bound, title: string, sealed: Pick<SecretRow, 'sealed' | 'key_id'>, createdAt: number, now: number): SecretRow {
  return {
    name: bound.name,
    kind: bound.kind,
    title,
    hosts_json: JSON.stringify(bound.hosts),
    user: bound.user,
    ...sealed,
    created_at: createdAt,
    updated_at: now,
    used_at: null,
    expires_at: null,
  }
}

const withoutUndefined = <T extends object>(value: T): T => JSON.parse(JSON.stringify(value)) as T // optional fields of a parsed shape

/** One change at a time: setting, removing, rotating and storing a refreshed token never cross. */
function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const mine = last.then(work)
    last = mine.catch(() => undefined)
    return mine
  }
}

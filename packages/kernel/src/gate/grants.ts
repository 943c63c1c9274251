import {
  LifeOsError,
  describePermission,
  type DomainLevel,
  type Grant,
  type Level,
  type LevelDomain,
  type NewGrant,
  type Page,
  type PageQuery,
} from '@life-os/contract'
import type { GrantRow, Store } from '../store/index.ts'
import { LEVELS, levelOf, levelsOf, presetsOf } from './levels.ts'
import { parsePermission } from './permissions.ts'

export interface GrantQuery extends PageQuery {
  search?: string | undefined
  verdict?: Grant['verdict'] | undefined
  /** Grants of runs are shown only when they are asked for. */
  subject?: Grant['subject']['kind'] | undefined
  /** Those for this plugin. */
  plugin?: string | undefined
}

export interface Grants {
  /** Every grant that could matter now; kept in memory between changes. */
  current(): Promise<readonly Grant[]>
  /** Newest first. */
  list(query: GrantQuery): Promise<Page<Grant>>
  /** A decision that is remembered already is answered as it is. Error: `permission-invalid`. */
  add(grant: NewGrant, origin: Grant['origin'], by: string): Promise<Grant>
  revoke(id: string, by: string): Promise<void>
  /** The level of each domain for everyone, and for each subject that has one of its own. */
  levels(): Promise<DomainLevel[]>
  /** Writes the grants of a level in place of those of the level before, in one transaction. */
  setLevel(domain: LevelDomain, subject: Grant['subject'], level: Level, by: string): Promise<DomainLevel>
  used(ids: readonly string[]): void
  /** Grants that a finished run no longer needs. */
  forgetRun(run: string): Promise<void>
  flush(): Promise<void>
}

export interface GrantsDeps {
  store: Store
  clock: { now(): number }
  newId(): string
}

/** Last uses are written together, at most this often. */
const USES_EVERY = 60_000 // ms

export function createGrants(deps: GrantsDeps): Grants {
  const { store, clock, newId } = deps
  let cache: Promise<readonly Grant[]> | null = null
  let turn: Promise<unknown> = Promise.resolve() // levels are set one after the other
  const uses = createUses(deps)
  const load = async () => (await store.db.selectFrom('grants').selectAll().execute()).map(fromRow)
  const current = () => (cache ??= load())
  const record = (by: string, subject: Grant['subject'], verdict: Grant['verdict'] | null, rule: string, data: Record<string, unknown>) =>
    store.audit.append({
      kind: 'grant',
      actor: by,
      run: subject.kind === 'run' ? subject.id : null,
      step: null,
      tool: null,
      verdict,
      rule,
      data,
    })
  const recordOne = (by: string, { id, subject, verdict, permission }: Grant, rule: string) =>
    record(by, subject, verdict, rule, { grant: id, permission, subject })
  const made = (given: NewGrant, origin: Grant['origin'], by: string): Grant => ({
    ...given,
    id: newId(),
    origin,
    createdAt: clock.now(),
    createdBy: by,
    usedAt: null,
  })
  const setLevel = async (domain: LevelDomain, subject: Grant['subject'], level: Level, by: string): Promise<DomainLevel> => {
    const before = presetsOf(await load(), domain, subject).map((grant) => grant.id)
    const written = LEVELS[domain][level].map(([verdict, permission]) =>
      made({ subject, permission, verdict, expiresAt: null }, 'preset', by),
    )
    await store.transaction(async (tx) => {
      if (before.length > 0) await tx.deleteFrom('grants').where('id', 'in', before).execute()
      await tx.insertInto('grants').values(written.map(toRow)).execute()
    })
    cache = null
    await record(by, subject, null, 'level-set', { domain, level, subject, grants: written.map((grant) => grant.id) })
    return levelOf(await current(), domain, subject)
  }
  return {
    current,
    levels: async () => levelsOf(await current()),
    setLevel(domain, subject, level, by) {
      const work = turn.then(() => setLevel(domain, subject, level, by))
      turn = work.catch(() => undefined)
      return work
    },
    async list(query) {
      const found = (await load()).filter((grant) => matches(grant, query)).toSorted((a, b) => (a.id < b.id ? 1 : -1))
      const { cursor } = query
      const rest = cursor === undefined ? found : found.filter((grant) => grant.id < cursor)
      const items = rest.slice(0, query.limit).map((grant) => ({ ...grant, usedAt: uses.of(grant) }))
      return { items, next: rest.length > items.length ? (items.at(-1)?.id ?? null) : null, total: found.length }
    },
    async add(given, origin, by) {
      checkPermission(given.permission)
      const known = (await current()).find((grant) => isSame(grant, given, origin))
      if (known) return known
      const grant = made(given, origin, by)
      await store.db.insertInto('grants').values(toRow(grant)).execute()
      cache = null
      await recordOne(by, grant, 'grant-added')
      return grant
    },
    async revoke(id, by) {
      const row = await store.db.selectFrom('grants').selectAll().where('id', '=', id).executeTakeFirst()
      if (!row) throw new LifeOsError('grant-missing', 'That grant is not there any more.')
      await store.db.deleteFrom('grants').where('id', '=', id).execute()
      cache = null
      await recordOne(by, fromRow(row), 'grant-revoked')
    },
    used: uses.note,
    async forgetRun(run) {
      const grants = await current()
      if (!grants.some((grant) => grant.subject.kind === 'run' && grant.subject.id === run)) return
      await store.db.deleteFrom('grants').where('subject_kind', '=', 'run').where('subject_id', '=', run).execute()
      cache = null
    },
    flush: uses.flush,
  }
}

/** When grants were last used: kept in memory, written now and then. */
function createUses({ store, clock }: GrantsDeps) {
  const usedAt = new Map<string, number>()
  const waiting = new Set<string>()
  let written = clock.now()
  const flush = async (): Promise<void> => {
    written = clock.now()
    const ids = [...waiting]
    waiting.clear()
    for (const id of ids)
      await store.db
        .updateTable('grants')
        .set({ used_at: usedAt.get(id) ?? null })
        .where('id', '=', id)
        .execute()
  }
  return {
    flush,
    of: (grant: Grant): number | null => usedAt.get(grant.id) ?? grant.usedAt,
    note(ids: readonly string[]): void {
      const now = clock.now()
      for (const id of ids) {
        usedAt.set(id, now)
        waiting.add(id)
      }
      if (ids.length > 0 && now - written >= USES_EVERY) void flush().catch(() => undefined) // they are told again when they are next used
    },
  }
}

function matches(grant: Grant, { search, verdict, subject, plugin }: GrantQuery): boolean {
  if (subject === undefined ? grant.subject.kind === 'run' : grant.subject.kind !== subject) return false
  if (verdict !== undefined && grant.verdict !== verdict) return false
  if (plugin !== undefined && !(grant.subject.kind === 'plugin' && grant.subject.id === plugin)) return false
  if (!search) return true
  const words = [
    grant.permission,
    describePermission(grant.permission).title,
    grant.subject.kind,
    grant.subject.id,
    grant.verdict,
    grant.createdBy,
  ]
  return words.join('\n').toLowerCase().includes(search.toLowerCase())
}

function isSame(grant: Grant, given: NewGrant, origin: Grant['origin']): boolean {
  return (
    grant.permission === given.permission &&
    grant.verdict === given.verdict &&
    grant.origin === origin &&
    grant.expiresAt === given.expiresAt &&
    grant.subject.kind === given.subject.kind &&
    grant.subject.id === given.subject.id
  )
}

/** Error `permission-invalid`: a grant that could never match would only look as if it protected something. */
export function checkPermission(permission: string): void {
  const { kind, pattern } = parsePermission(permission)
  const isKnown = describePermission(permission).domain !== null
  const isPlaced = !kind.startsWith('fs.') || /^(?:\/|\*\*$|\*$)/.test(pattern)
  const isMet = kind !== 'net' || NET.test(pattern)
  if (isKnown && isPlaced && isMet && pattern !== '' && permission.length <= 4096) return
  throw new LifeOsError(
    'permission-invalid',
    'A permission is a kind and a pattern, for example fs.write:/home/ada/Downloads/**, net:example.org:443 or exec:git.',
    { details: { permission: permission.slice(0, 200) } },
  )
}

/** A host, one with all below it, or any; a star elsewhere in a name would match nothing. */
const NET = /^(?:\*\*|(?:\*|\*\.[^*]+|[^*]+?)(?::(?:\*|\d+))?)$/

function fromRow(row: GrantRow): Grant {
  return {
    id: row.id,
    subject: { kind: row.subject_kind, id: row.subject_id },
    permission: row.permission,
    verdict: row.verdict,
    origin: row.origin,
    createdAt: row.created_at,
    createdBy: row.created_by,
    expiresAt: row.expires_at,
    usedAt: row.used_at,
  } as Grant // the columns hold what toRow wrote
}

function toRow(grant: Grant): GrantRow {
  return {
    id: grant.id,
    subject_kind: grant.subject.kind,
    subject_id: grant.subject.id,
    permission: grant.permission,
    verdict: grant.verdict,
    origin: grant.origin,
    created_at: grant.createdAt,
    created_by: grant.createdBy,
    expires_at: grant.expiresAt,
    used_at: grant.usedAt,
  }
}

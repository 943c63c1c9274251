import type { Secret, SecretKind } from '@life-os/contract'
import type { Store, SecretRow } from '../store/index.ts'
import type { Key, KeyRing } from './key-ring.ts'
import { seal, unseal } from './seal.ts'
import type { Bound, SealedMaterial } from './seal.ts'

type Db = Store['db']

export const rowOf = (db: Db, name: string): Promise<SecretRow | undefined> =>
  db.selectFrom('secrets').selectAll().where('name', '=', name).executeTakeFirst()
export const rowsOf = (db: Db): Promise<SecretRow[]> => db.selectFrom('secrets').selectAll().orderBy('name').execute()

export const boundOf = (row: SecretRow): Bound => ({
  name: row.name,
  kind: row.kind as SecretKind, // the column holds what set() wrote; another kind opens nothing
  hosts: JSON.parse(row.hosts_json) as string[], // likewise
  user: row.user,
})

export function secretOf(row: SecretRow): Secret {
  const { name, kind, hosts, user } = boundOf(row)
  return {
    name,
    kind,
    hosts: [...hosts],
    user,
    title: row.title,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    usedAt: row.used_at,
    expiresAt: row.expires_at,
  }
}

export function openRow(ring: KeyRing, row: SecretRow): SealedMaterial | undefined {
  const key = ring.keys.find(({ id }) => id === row.key_id)
  return key && unseal(key, boundOf(row), row.sealed)
}

/** The columns that change when material is sealed anew. */
export const sealedColumns = (key: Key, bound: Bound, material: SealedMaterial): Pick<SecretRow, 'sealed' | 'key_id'> => ({
  sealed: seal(key, bound, material),
  key_id: key.id,
})

import { Manifest, PluginSource } from '@life-os/contract'
import type { PluginInstallRow, Store } from '../../store/index.ts'

/** One version of a plugin that a person installed. */
export interface Install {
  id: string
  digest: string
  state: 'waiting' | 'accepted' | 'replaced'
  source: PluginSource
  manifest: Manifest
  /** The permissions accepted with it. */
  accepted: string[] | null
  at: number
  by: string
}

/** The record of installed plugins. Each change is one transaction, so that a crash leaves the state before or the one after. */
export interface Installs {
  all(): Promise<Install[]>
  /** In the place of another version that waits. */
  wait(install: Omit<Install, 'state' | 'accepted'>): Promise<void>
  /** The accepted version becomes the one to go back to; what was that before is forgotten. */
  accept(id: string, digest: string, permissions: readonly string[], at: number, by: string): Promise<void>
  /** The version before is the accepted one again, with the permissions accepted then; the one it takes the place of is forgotten. */
  goBack(id: string, digest: string, at: number, by: string): Promise<void>
  setSource(id: string, digest: string, source: PluginSource): Promise<void>
  forget(id: string, digest: string): Promise<void>
  /** Every version of it, with its settings where `data` says so. */
  remove(id: string, data: boolean): Promise<void>
}

export function createInstalls({ db, transaction }: Pick<Store, 'db' | 'transaction'>): Installs {
  return {
    all: async () => (await db.selectFrom('plugin_installs').selectAll().execute()).flatMap(readRow),
    wait: ({ id, digest, source, manifest, at, by }) =>
      transaction(async (tx) => {
        await tx.deleteFrom('plugin_installs').where('id', '=', id).where('state', '=', 'waiting').execute()
        await tx.deleteFrom('plugin_installs').where('id', '=', id).where('digest', '=', digest).execute()
        const row = {
          id,
          digest,
          version: manifest.version,
          state: 'waiting',
          source_json: JSON.stringify(source),
          manifest_json: JSON.stringify(manifest),
          accepted_json: null,
          at,
          by,
        }
        await tx.insertInto('plugin_installs').values(row).execute()
      }),
    accept: (id, digest, permissions, at, by) =>
      transaction(async (tx) => {
        await tx.deleteFrom('plugin_installs').where('id', '=', id).where('state', '=', 'replaced').execute()
        await tx.updateTable('plugin_installs').set({ state: 'replaced' }).where('id', '=', id).where('state', '=', 'accepted').execute()
        await tx
          .updateTable('plugin_installs')
          .set({ state: 'accepted', accepted_json: JSON.stringify(permissions), at, by })
          .where('id', '=', id)
          .where('digest', '=', digest)
          .execute()
      }),
    goBack: (id, digest, at, by) =>
      transaction(async (tx) => {
        await tx.deleteFrom('plugin_installs').where('id', '=', id).where('state', '=', 'accepted').execute()
        await tx
          .updateTable('plugin_installs')
          .set({ state: 'accepted', at, by })
          .where('id', '=', id)
          .where('digest', '=', digest)
          .execute()
      }),
    async setSource(id, digest, source) {
      const row = { source_json: JSON.stringify(source) }
      await db.updateTable('plugin_installs').set(row).where('id', '=', id).where('digest', '=', digest).execute()
    },
    async forget(id, digest) {
      await db.deleteFrom('plugin_installs').where('id', '=', id).where('digest', '=', digest).execute()
    },
    remove: (id, data) =>
      transaction(async (tx) => {
        await tx.deleteFrom('plugin_installs').where('id', '=', id).execute()
        await tx.deleteFrom('plugin_states').where('id', '=', id).execute()
        if (data) await tx.deleteFrom('plugin_settings').where('id', '=', id).execute()
      }),
  }
}

/** A row that a later version of Life-OS cannot read any more is left out; its files go with it. */
function readRow(row: PluginInstallRow): Install[] {
  const source = PluginSource.safeParse(JSON.parse(row.source_json))
  const manifest = Manifest.safeParse(JSON.parse(row.manifest_json))
  if (!source.success || !manifest.success) return []
  const { id, digest, at, by } = row
  const state = row.state as Install['state'] // written above
  const accepted = row.accepted_json === null ? null : (JSON.parse(row.accepted_json) as string[]) // likewise
  return [{ id, digest, state, source: source.data, manifest: manifest.data, accepted, at, by }]
}

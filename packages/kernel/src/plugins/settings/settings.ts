import { LifeOsError } from '@life-os/contract'
import type { JsonSchema } from '@life-os/contract'
import type { Store } from '../../store/index.ts'
import { valueFaults, withDefaults } from './schema.ts'

/** Settings of plugins, as people set them. Held in memory: the gate reads them at every call. */
export interface PluginSettings {
  /** With the schema's defaults. */
  values(id: string, schema: JsonSchema | undefined): Record<string, unknown>
  /** Errors: `settings-invalid` with the fields. */
  set(id: string, schema: JsonSchema | undefined, values: Record<string, unknown>, by: string): Promise<Record<string, unknown>>
  forget(id: string): void
}

const LARGEST = 256 * 1024

export async function createPluginSettings(db: Store['db'], now: () => number): Promise<PluginSettings> {
  const rows = await db.selectFrom('plugin_settings').select(['id', 'values_json']).execute()
  const kept = new Map(rows.map(({ id, values_json }) => [id, JSON.parse(values_json) as Record<string, unknown>])) // written below
  const values = (id: string, schema: JsonSchema | undefined) => (schema ? withDefaults(schema, kept.get(id) ?? {}) : {})
  return {
    values,
    async set(id, schema, given, by) {
      if (!schema) throw new LifeOsError('settings-invalid', `The plugin ${id} has no settings.`, { details: { fields: [] } })
      const fields = valueFaults(schema, withDefaults(schema, given))
      const values_json = JSON.stringify(given)
      if (fields.length > 0 || values_json.length > LARGEST)
        throw new LifeOsError(
          'settings-invalid',
          fields.length > 0
            ? `These settings of ${id} do not fit: ${fields.map(({ field, message }) => `${field || 'the whole'} ${message}`).join('; ')}.`
            : `The settings of ${id} are larger than 256 KiB.`,
          { details: { fields } },
        )
      const row = { values_json, at: now(), by }
      await db
        .insertInto('plugin_settings')
        .values({ id, ...row })
        .onConflict((clash) => clash.column('id').doUpdateSet(row))
        .execute()
      kept.set(id, given)
      return values(id, schema)
    },
    forget: (id) => void kept.delete(id),
  }
}

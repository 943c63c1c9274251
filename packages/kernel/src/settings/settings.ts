import { LifeOsError, Settings } from '@life-os/contract'
import type { Store } from '../store/types.ts'

/** What holds until a person says otherwise: everything is shown and asked for, and can be undone for a month. */
export const DEFAULT_SETTINGS: Settings = Object.freeze({
  mode: 'draft',
  undoDays: 30,
  trashLimit: 20 * 1024 ** 3, // bytes
  approvalHours: 72,
  theme: 'system',
  density: 'compact',
} satisfies Settings)

export interface SettingsStore {
  /** The settings in force: what is stored over the defaults. A stored value of an older shape falls back to its default. */
  get(): Promise<Settings>
  /** Changes the given settings. Errors: `setting-unknown`, `setting-invalid`. */
  set(patch: Partial<Settings>): Promise<Settings>
}

/** Typed settings over the table `settings`, one row a key. */
export function createSettings({ store }: { store: Pick<Store, 'db' | 'transaction'> }): SettingsStore {
  let cached: Settings | undefined
  const read = async (): Promise<Settings> => {
    const rows = await store.db.selectFrom('settings').selectAll().execute()
    const merged: Record<string, unknown> = { ...DEFAULT_SETTINGS }
    for (const row of rows) {
      const known = knownKey(row.key)
      const parsed = known && Settings.shape[known].safeParse(JSON.parse(row.value_json))
      if (known && parsed?.success) merged[known] = parsed.data
    }
    return Object.freeze(Settings.parse(merged))
  }
  return {
    async get() {
      cached ??= await read()
      return cached
    },
    async set(patch) {
      const values = checked(patch)
      await store.transaction(async (tx) => {
        for (const [key, value] of Object.entries(values)) {
          const row = { key, value_json: JSON.stringify(value) }
          await tx
            .insertInto('settings')
            .values(row)
            .onConflict((clash) => clash.column('key').doUpdateSet({ value_json: row.value_json }))
            .execute()
        }
      })
      cached = await read()
      return cached
    },
  }
}

const KEYS = Object.keys(Settings.shape) as readonly (keyof Settings)[] // the shape's keys are exactly these
const knownKey = (key: string) => KEYS.find((known) => known === key)

function checked(patch: Partial<Settings>): Partial<Settings> {
  const unknown = Object.keys(patch).find((key) => !knownKey(key))
  if (unknown) throw new LifeOsError('setting-unknown', `There is no setting “${unknown}”. Known: ${KEYS.join(', ')}.`)
  const parsed = Settings.partial().safeParse(patch)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
  throw new LifeOsError('setting-invalid', `${faults[0]?.path}: ${faults[0]?.message}.`, { details: { faults } })
}

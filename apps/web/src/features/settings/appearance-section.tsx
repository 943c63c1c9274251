import { Card, Section } from '../../components/page.tsx'
import { Segmented } from '../../components/segmented.tsx'
import { usePreferences } from '../../lib/preferences.ts'
import { SettingRow } from './row.tsx'
import { useSettings } from './use-settings.ts'

/** Kept on the server for the person and in this browser for its first paint. */
export function AppearanceSection() {
  const { theme, density, set } = usePreferences()
  const settings = useSettings()
  return (
    <Section title="Appearance">
      <Card>
        <SettingRow name="Theme">
          <Segmented
            label="Theme"
            value={theme}
            onChange={(next) => (set({ theme: next }), settings.set({ theme: next }))}
            options={[
              { value: 'system', label: 'As the system' },
              { value: 'light', label: 'Light' },
              { value: 'dark', label: 'Dark' },
            ]}
          />
        </SettingRow>
        <SettingRow name="Rows" help="How close the lines of lists stand. Phones always use finger-sized rows.">
          <Segmented
            label="Rows"
            value={density}
            onChange={(next) => (set({ density: next }), settings.set({ density: next }))}
            options={[
              { value: 'compact', label: 'Compact' },
              { value: 'comfortable', label: 'Comfortable' },
            ]}
          />
        </SettingRow>
      </Card>
    </Section>
  )
}

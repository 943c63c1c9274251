import { useState } from 'react'
import { BellRing } from 'lucide-react'
import { Button } from '../../components/button.tsx'
import { TextInput } from '../../components/field.tsx'
import { Card, Section } from '../../components/page.tsx'
import { Segmented } from '../../components/segmented.tsx'
import { Failure, SkeletonRows } from '../../components/states.tsx'
import { requestError } from '../../lib/api.ts'
import { usePreferences } from '../../lib/preferences.ts'
import { SettingRow } from './row.tsx'
import { useSettings } from './use-settings.ts'

const MODE_HELP = {
  observe: 'New runs only look; nothing is changed.',
  draft: 'New runs show every change and ask before making it.',
  autopilot: 'New runs act by themselves, within your permissions and their budget.',
} as const

export function GeneralSection() {
  const { query, set } = useSettings()
  const notify = usePreferences((state) => state.notify)
  const setPreferences = usePreferences((state) => state.set)
  const [asked, setAsked] = useState(typeof Notification === 'undefined' ? 'denied' : Notification.permission)
  if (query.isPending) return <SkeletonRows rows={4} label="Loading settings" />
  if (query.error) return <Failure error={requestError(query.error)} onRetry={() => void query.refetch()} quiet />
  const settings = query.data
  return (
    <>
      <Section title="How it acts">
        <Card>
          <SettingRow name="Mode" help={MODE_HELP[settings.mode]}>
            <Segmented
              label="Mode"
              value={settings.mode}
              onChange={(mode) => set({ mode })}
              options={[
                { value: 'observe', label: 'observe' },
                { value: 'draft', label: 'draft' },
                { value: 'autopilot', label: 'autopilot' },
              ]}
            />
          </SettingRow>
          <SettingRow name="Questions wait for" help="Then they expire, and the run ends without acting.">
            <NumberSetting
              label="Hours that a question waits"
              unit="hours"
              value={settings.approvalHours}
              min={1}
              onChange={(approvalHours) => set({ approvalHours })}
            />
          </SettingRow>
        </Card>
      </Section>
      <Section title="Taking back">
        <Card>
          <SettingRow name="Keep what undo needs for" help="Older runs can no longer be undone.">
            <NumberSetting
              label="Days to keep what undo needs"
              unit="days"
              value={settings.undoDays}
              min={1}
              max={3650}
              onChange={(undoDays) => set({ undoDays })}
            />
          </SettingRow>
          <SettingRow name="The trash may hold" help="Beyond it the oldest go first.">
            <NumberSetting
              label="Size of the trash"
              unit="GB"
              value={Math.round(settings.trashLimit / 1e8) / 10}
              min={0}
              decimals
              onChange={(value) => set({ trashLimit: Math.round(value * 1e9) })}
            />
          </SettingRow>
        </Card>
      </Section>
      <Section title="This browser">
        <Card>
          <SettingRow
            name="Notifications"
            help={
              asked === 'denied'
                ? 'The browser does not allow them for this page.'
                : 'When something waits for you and this tab is not in sight.'
            }
          >
            {asked === 'default' ? (
              <Button icon={BellRing} onClick={() => void Notification.requestPermission().then(setAsked)}>
                Allow
              </Button>
            ) : (
              <Segmented
                label="Notifications"
                value={notify && asked === 'granted' ? 'on' : 'off'}
                onChange={(value) => setPreferences({ notify: value === 'on' })}
                options={[
                  { value: 'on', label: 'On' },
                  { value: 'off', label: 'Off' },
                ]}
              />
            )}
          </SettingRow>
        </Card>
      </Section>
    </>
  )
}

function NumberSetting({
  label,
  unit,
  value,
  min,
  max,
  decimals = false,
  onChange,
}: {
  label: string
  unit: string
  value: number
  min: number
  max?: number
  decimals?: boolean
  onChange: (value: number) => void
}) {
  const [text, setText] = useState<string | null>(null)
  const commit = (): void => {
    const next = Number(text)
    if (
      text !== null &&
      Number.isFinite(next) &&
      next >= min &&
      (max === undefined || next <= max) &&
      (decimals || Number.isInteger(next)) &&
      next !== value
    )
      onChange(next)
    setText(null)
  }
  return (
    <span className="flex items-center gap-2">
      <TextInput
        aria-label={label}
        inputMode="decimal"
        value={text ?? String(value)}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => event.key === 'Enter' && commit()}
        className="figures w-20 text-right"
      />
      <span className="w-10 text-ink-faint">{unit}</span>
    </span>
  )
}

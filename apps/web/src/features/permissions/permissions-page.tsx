import { useNavigate, useSearch } from '@tanstack/react-router'
import { TabBar } from '../../components/tab-bar.tsx'
import { useCrumbs } from '../../lib/crumbs.ts'
import { GrantsTab } from './grants-tab.tsx'
import { LevelsTab } from './levels-tab.tsx'

const TABS = [
  { value: 'levels', label: 'Levels' },
  { value: 'grants', label: 'Remembered decisions' },
] as const

/** What may happen without you: levels for each kind of thing, and every single decision that is remembered. */
export function PermissionsPage() {
  const search = useSearch({ from: '/permissions' })
  const navigate = useNavigate()
  const tab = TABS.find((each) => each.value === search.tab)?.value ?? 'levels'
  useCrumbs({ label: 'Permissions', to: '/permissions' })
  return (
    <div className="flex h-full flex-col">
      <h1 className="sr-only">Permissions</h1>
      <TabBar
        label="Parts of the permissions"
        tabs={TABS}
        value={tab}
        onChange={(next) => void navigate({ to: '/permissions', search: next === 'levels' ? {} : { tab: next }, replace: true })}
      />
      <div className="min-h-0 flex-1">{tab === 'levels' ? <LevelsTab /> : <GrantsTab />}</div>
    </div>
  )
}

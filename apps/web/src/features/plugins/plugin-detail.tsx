import type { Plugin, ToolDescription } from '@life-os/contract'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Ellipsis } from 'lucide-react'
import { useState } from 'react'
import { Badge, LabelBadges } from '../../components/badge.tsx'
import { ActionButton, Button, IconButton } from '../../components/button.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Icon } from '../../components/icon.tsx'
import { ActionMenu } from '../../components/menu.tsx'
import { Empty } from '../../components/states.tsx'
import { TabBar } from '../../components/tab-bar.tsx'
import { useActions } from '../../lib/actions.tsx'
import { IsolationBadge } from './isolation-line.tsx'
import { LogTab } from './log-tab.tsx'
import { OverviewTab } from './overview-tab.tsx'
import { usePluginActions } from './plugin-actions.ts'
import { PLUGIN_STATE, pendingWords } from './plugin-words.ts'
import { RemoveDialog } from './remove-dialog.tsx'
import { SettingsTab } from './settings-tab.tsx'
import { ToolCard } from './tool-card.tsx'

type Tab = 'overview' | 'tools' | 'settings' | 'log'

/** One plugin: how it is, what it can do, how it is set, what it says. */
export function PluginDetail({ plugin, alone }: { plugin: Plugin; alone: boolean }) {
  const search = useSearch({ from: '/plugins' })
  const navigate = useNavigate()
  const [removing, setRemoving] = useState(false)
  const { actions, busy } = usePluginActions(plugin, () => setRemoving(true))
  useActions(Object.values(actions))
  const { manifest } = plugin
  const tabs: { value: Tab; label: string; count?: number }[] = [
    { value: 'overview', label: 'Overview' },
    { value: 'tools', label: 'Tools', count: plugin.tools.length },
    ...(manifest.settings ? [{ value: 'settings' as const, label: 'Settings' }] : []),
    { value: 'log', label: 'Log' },
  ]
  const wanted = search.tab ?? (search.tool ? 'tools' : 'overview')
  const tab = tabs.find((each) => each.value === wanted)?.value ?? 'overview'
  const show = (next: Tab): void =>
    void navigate({ to: '/plugins', search: { plugin: manifest.id, ...(next !== 'overview' && { tab: next }) }, replace: true })
  const Heading = alone ? 'h1' : 'h2'
  const rest = [actions.restart, actions.update, actions.disable, actions.remove].filter((action) => action.when !== false)
  return (
    <div className="flex h-full flex-col">
      <header className="flex shrink-0 items-start gap-3 bg-surface px-4 pb-2 pt-4 phone:px-3">
        <div className="min-w-0 flex-1">
          <Heading className="flex flex-wrap items-center gap-x-2 gap-y-1 text-20 font-semibold tracking-tight">
            <span className="min-w-0 break-words">{manifest.name}</span>
            <span className="mono text-12 font-normal text-ink-faint">{manifest.version}</span>
            <Badge tone={PLUGIN_STATE[plugin.state].tone}>{PLUGIN_STATE[plugin.state].word}</Badge>
            <IsolationBadge isolation={plugin.isolation} />
            <LabelBadges labels={plugin.labels} />
          </Heading>
          <p className="text-ink-soft">{manifest.description}</p>
        </div>
        {actions.enable.when ? <ActionButton action={actions.enable} tone="accent" busy={busy === 'enable'} /> : null}
        {rest.length > 0 ? <ActionMenu items={rest} trigger={<IconButton icon={Ellipsis} label={`More for ${manifest.name}`} />} /> : null}
      </header>
      {plugin.reason ? (
        <p role="alert" className="flex items-start gap-2 bg-remove-soft px-4 py-2 text-remove phone:px-3">
          <Icon of={GLYPH.warning} size={14} className="mt-0.5" />
          {plugin.reason}
        </p>
      ) : null}
      {plugin.pending ? (
        <p className="flex flex-wrap items-center gap-3 bg-change-soft px-4 py-2 text-change phone:px-3">
          <Icon of={GLYPH.warning} size={14} />
          <span className="min-w-0 flex-1">{pendingWords(plugin)} This one goes on until you decide.</span>
          <Button asChild>
            <Link to="/plugins" search={{ plugin: manifest.id, review: true }}>
              See what changes
            </Link>
          </Button>
        </p>
      ) : null}
      <TabBar label="Parts of the plugin" tabs={tabs} value={tab} onChange={show} />
      <div className="min-h-0 flex-1 overflow-auto" tabIndex={0} role="group" aria-label={manifest.name}>
        <div className="mx-auto flex max-w-[860px] flex-col gap-6 px-6 pb-16 pt-5 phone:px-3 phone:pt-4">
          {tab === 'overview' ? <OverviewTab plugin={plugin} /> : null}
          {tab === 'tools' ? <Tools plugin={plugin} wanted={search.tool} /> : null}
          {tab === 'settings' ? <SettingsTab plugin={plugin} /> : null}
          {tab === 'log' ? <LogTab plugin={plugin} /> : null}
        </div>
      </div>
      {removing ? <RemoveDialog plugin={plugin} onClose={() => setRemoving(false)} /> : null}
    </div>
  )
}

function Tools({ plugin, wanted }: { plugin: Plugin; wanted: string | undefined }) {
  if (plugin.tools.length === 0)
    return (
      <Empty icon={GLYPH.tool} title="No tools" quiet>
        {plugin.state === 'disabled' ? 'Its tools are there when it is enabled.' : 'It brings none.'}
      </Empty>
    )
  const runs = plugin.state !== 'disabled' && plugin.state !== 'refused' && plugin.state !== 'quarantined'
  return (
    <div className="flex flex-col gap-2">
      {plugin.tools.map((tool: ToolDescription) => (
        <ToolCard key={`${tool.id}:${tool.id === wanted}`} tool={tool} open={tool.id === wanted} tries={runs} />
      ))}
    </div>
  )
}

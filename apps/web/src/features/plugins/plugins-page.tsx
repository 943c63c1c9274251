import type { Plugin } from '@life-os/contract'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { Badge, LabelBadges } from '../../components/badge.tsx'
import { ActionButton, Button } from '../../components/button.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Icon } from '../../components/icon.tsx'
import { Empty, Failure, SkeletonRows } from '../../components/states.tsx'
import { useActions } from '../../lib/actions.tsx'
import type { Action } from '../../lib/actions.tsx'
import { api, requestError } from '../../lib/api.ts'
import { useCrumbs } from '../../lib/crumbs.ts'
import { count } from '../../lib/format.ts'
import { PHONE, useMedia } from '../../lib/media.ts'
import { Acceptance } from './acceptance.tsx'
import { InstallDialog } from './install-dialog.tsx'
import { PluginDetail } from './plugin-detail.tsx'
import { PLUGIN_STATE, pendingWords } from './plugin-words.ts'

/** Plugins at the left; at the right the one that is open, or the question whether it may come in. */
export function PluginsPage() {
  const phone = useMedia(PHONE)
  const search = useSearch({ from: '/plugins' })
  const navigate = useNavigate()
  const [installing, setInstalling] = useState(false)
  const plugins = useQuery({ ...api.plugins.list.queryOptions(), refetchInterval: 10_000 })
  const items = [...(plugins.data ?? [])].toSorted((a, b) => Number(b.pending !== null) - Number(a.pending !== null))
  const current = items.find((plugin) => plugin.manifest.id === search.plugin) ?? (phone ? undefined : items[0])
  const install: Action = {
    id: 'plugins.install',
    name: 'Install a plugin',
    group: 'This page',
    icon: Plus,
    shortcut: 'n',
    perform: () => setInstalling(true),
  }
  useActions([install])
  useCrumbs({ label: 'Plugins', to: '/plugins' }, ...(phone && current ? [{ label: current.manifest.name }] : []))
  const dialog = installing ? <InstallDialog onClose={() => setInstalling(false)} /> : null
  if (plugins.isPending) return <SkeletonRows label="Loading plugins" />
  if (plugins.error) return <Failure error={requestError(plugins.error)} onRetry={() => void plugins.refetch()} />
  if (items.length === 0)
    return (
      <Empty icon={GLYPH.plugin} title="No plugins" action={<ActionButton action={install} tone="accent" />}>
        The bundled ones could not be found. `lifeos doctor` says why.
        {dialog}
      </Empty>
    )
  const open = (id: string): void => void navigate({ to: '/plugins', search: { plugin: id }, replace: !phone })
  const asks = current?.pending && (current.state === 'waiting' || search.review)
  return (
    <div className="flex h-full">
      {phone && current ? null : (
        <nav aria-label="Plugins" className="flex w-72 shrink-0 flex-col overflow-auto border-r border-line phone:w-full phone:border-r-0">
          <div className="sticky top-0 z-10 flex h-11 shrink-0 items-center gap-2 border-b border-line bg-canvas pl-4 pr-2 phone:h-14">
            <h1 className="flex-1 font-semibold">{count(items.length, 'plugin')}</h1>
            <Button asChild tone="quiet">
              <Link to="/plugins/mcp">MCP</Link>
            </Button>
            <Button icon={Plus} onClick={() => setInstalling(true)} aria-label="Install a plugin">
              Install
            </Button>
          </div>
          {items.map((plugin) => (
            <PluginLine key={plugin.manifest.id} plugin={plugin} current={plugin === current} onOpen={open} />
          ))}
        </nav>
      )}
      {current ? (
        <div className="min-w-0 flex-1">
          {asks ? (
            <Acceptance key={current.pending?.digest} plugin={current} alone={phone} />
          ) : (
            <PluginDetail key={current.manifest.id} plugin={current} alone={phone} />
          )}
        </div>
      ) : null}
      {dialog}
    </div>
  )
}

function PluginLine({ plugin, current, onOpen }: { plugin: Plugin; current: boolean; onOpen: (id: string) => void }) {
  const { manifest } = plugin
  return (
    <button
      type="button"
      aria-current={current ? 'true' : undefined}
      onClick={() => onOpen(manifest.id)}
      className="flex flex-col gap-0.5 border-b border-line px-4 py-2.5 text-left hover:bg-hover aria-[current=true]:bg-pressed"
    >
      <span className="flex w-full items-center gap-2">
        <Icon of={GLYPH.plugin} size={14} className="text-ink-faint" />
        <span className="min-w-0 flex-1 truncate font-medium" title={manifest.name}>
          {manifest.name}
        </span>
        <LabelBadges labels={plugin.labels} />
        <Badge tone={PLUGIN_STATE[plugin.state].tone}>{PLUGIN_STATE[plugin.state].word}</Badge>
      </span>
      <span className="w-full truncate text-12 text-ink-faint">
        {plugin.pending && plugin.state !== 'waiting' ? (
          <span className="text-change">{pendingWords(plugin)}</span>
        ) : plugin.state === 'waiting' ? (
          manifest.description
        ) : (
          `${count(plugin.tools.length, 'tool')} · ${manifest.description}`
        )}
      </span>
    </button>
  )
}

import type { Plugin, ToolDescription } from '@life-os/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Badge } from '../../components/badge.tsx'
import type { Tone } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Icon } from '../../components/icon.tsx'
import { Card, Section } from '../../components/page.tsx'
import { Empty, Failure, SkeletonRows } from '../../components/states.tsx'
import { api, client, requestError } from '../../lib/api.ts'
import { cn } from '../../lib/cn.ts'
import { useCrumbs } from '../../lib/crumbs.ts'
import { bytes, count, duration, number } from '../../lib/format.ts'
import { PHONE, useMedia } from '../../lib/media.ts'
import { ToolCard } from './tool-card.tsx'

export const PLUGIN_STATE: Record<Plugin['state'], { tone: Tone; word: string }> = {
  ready: { tone: 'add', word: 'running' },
  idle: { tone: 'plain', word: 'idle' },
  starting: { tone: 'accent', word: 'starting' },
  crashed: { tone: 'remove', word: 'crashed' },
  quarantined: { tone: 'final', word: 'quarantined' },
  disabled: { tone: 'plain', word: 'disabled' },
  refused: { tone: 'remove', word: 'refused' },
}

/** Plugins at the left; one with its tools and its health at the right. */
export function PluginsPage() {
  const phone = useMedia(PHONE)
  const search = useSearch({ from: '/plugins' })
  const navigate = useNavigate()
  const plugins = useQuery(api.plugins.list.queryOptions())
  const items = plugins.data ?? []
  const current = items.find((plugin) => plugin.manifest.id === search.plugin) ?? (phone ? undefined : items[0])
  useCrumbs({ label: 'Plugins', to: '/plugins' }, ...(phone && current ? [{ label: current.manifest.name }] : []))
  if (plugins.isPending) return <SkeletonRows label="Loading plugins" />
  if (plugins.error) return <Failure error={requestError(plugins.error)} onRetry={() => void plugins.refetch()} />
  if (items.length === 0)
    return (
      <Empty icon={GLYPH.plugin} title="No plugins">
        The bundled ones could not be found. `lifeos doctor` says why.
      </Empty>
    )
  return (
    <div className="flex h-full">
      {phone && current ? null : (
        <nav aria-label="Plugins" className="flex w-72 shrink-0 flex-col overflow-auto border-r border-line phone:w-full phone:border-r-0">
          <h1 className="flex h-11 shrink-0 items-center border-b border-line px-4 font-semibold">{count(items.length, 'plugin')}</h1>
          {items.map((plugin) => (
            <button
              key={plugin.manifest.id}
              type="button"
              aria-current={plugin === current ? 'true' : undefined}
              onClick={() => void navigate({ to: '/plugins', search: { plugin: plugin.manifest.id }, replace: !phone })}
              className="flex flex-col gap-0.5 border-b border-line px-4 py-2.5 text-left hover:bg-hover aria-[current=true]:bg-pressed"
            >
              <span className="flex items-center gap-2">
                <Icon of={GLYPH.plugin} size={14} className="text-ink-faint" />
                <span className="flex-1 truncate font-medium">{plugin.manifest.name}</span>
                <Badge tone={PLUGIN_STATE[plugin.state].tone}>{PLUGIN_STATE[plugin.state].word}</Badge>
              </span>
              <span className="truncate text-12 text-ink-faint">
                {count(plugin.tools.length, 'tool')} · {plugin.manifest.description}
              </span>
            </button>
          ))}
        </nav>
      )}
      {current ? (
        <div className="min-w-0 flex-1 overflow-auto">
          <PluginDetail key={current.manifest.id} plugin={current} tool={search.tool} alone={phone} />
        </div>
      ) : null}
    </div>
  )
}

function PluginDetail({ plugin, tool, alone }: { plugin: Plugin; tool: string | undefined; alone: boolean }) {
  const Heading = alone ? 'h1' : 'h2'
  const queries = useQueryClient()
  const { manifest, health } = plugin
  const off = plugin.state === 'disabled' || plugin.state === 'quarantined'
  const change = useMutation({
    mutationFn: () => (off ? client.plugins.enable({ id: manifest.id }) : client.plugins.disable({ id: manifest.id })),
    onSettled: () => queries.invalidateQueries({ queryKey: api.plugins.key() }),
  })
  return (
    <div className="mx-auto flex max-w-[860px] flex-col gap-6 px-8 pb-16 pt-6 phone:px-3 phone:pt-4">
      <header className="flex flex-wrap items-start gap-3">
        <div className="min-w-0 flex-1">
          <Heading className="flex flex-wrap items-center gap-2 text-20 font-semibold tracking-tight">
            {manifest.name}
            <span className="mono text-12 font-normal text-ink-faint">{manifest.version}</span>
            <Badge tone={PLUGIN_STATE[plugin.state].tone}>{PLUGIN_STATE[plugin.state].word}</Badge>
          </Heading>
          <p className="text-ink-soft">{manifest.description}</p>
          <p className="mt-1 text-12 text-ink-faint">
            {manifest.author} · {manifest.license}
            {plugin.bundled ? ' · bundled' : ''} ·{' '}
            <span className="mono" title={plugin.digest}>
              {plugin.digest.slice(0, 12)}
            </span>
          </p>
        </div>
        <Button tone={off ? 'plain' : 'grave'} busy={change.isPending} onClick={() => change.mutate()}>
          {off ? 'Enable' : 'Disable'}
        </Button>
      </header>
      {plugin.reason ? (
        <p role="alert" className="rounded-control bg-remove-soft p-3 text-remove">
          {plugin.reason}
        </p>
      ) : null}
      <Section title="Health">
        <dl className="grid grid-cols-5 overflow-hidden rounded-card border border-line bg-surface phone:grid-cols-2">
          <Figure
            name="Calls"
            value={number(health.calls)}
            note={health.errors > 0 ? `${number(health.errors)} failed` : 'none failed'}
            bad={health.errors > 0}
          />
          <Figure
            name="Half of calls"
            value={health.p50 === null ? '–' : duration(health.p50)}
            note={health.p95 === null ? 'not measured' : `95 % under ${duration(health.p95)}`}
          />
          <Figure
            name="Memory"
            value={health.memory === null ? '–' : bytes(health.memory)}
            note={health.pid === null ? 'no process' : `process ${health.pid}`}
          />
          <Figure name="Starts in" value={health.startTime === null ? '–' : duration(health.startTime)} note="when needed" />
          <Figure
            name="Crashes"
            value={number(health.crashes)}
            note={health.crashes === 0 ? 'none' : 'since start'}
            bad={health.crashes > 0}
          />
        </dl>
        {health.log.length > 0 ? (
          <details className="text-12">
            <summary className="cursor-pointer text-ink-faint hover:text-ink">Last {count(health.log.length, 'line')} of its log</summary>
            <pre tabIndex={0} className="mono mt-2 max-h-60 overflow-auto rounded-card border border-line bg-sunken p-3 text-ink-soft">
              {health.log.join('\n')}
            </pre>
          </details>
        ) : null}
      </Section>
      <Section title="May ask for">
        <Card>
          {manifest.permissions.length === 0 ? (
            <p className="px-4 py-3 text-ink-faint">Nothing.</p>
          ) : (
            manifest.permissions.map((permission) => (
              <div
                key={permission.permission}
                className="flex gap-4 border-b border-line px-4 py-2 last:border-b-0 phone:flex-col phone:gap-0"
              >
                <span className="mono w-56 shrink-0 break-all text-12 leading-5">{permission.permission}</span>
                <span className="text-ink-soft">{permission.reason}</span>
              </div>
            ))
          )}
        </Card>
      </Section>
      <Section title={count(plugin.tools.length, 'tool')}>
        <div className="flex flex-col gap-2">
          {plugin.tools.map((each: ToolDescription) => (
            <ToolCard key={`${each.id}:${each.id === tool}`} tool={each} open={each.id === tool} />
          ))}
        </div>
      </Section>
    </div>
  )
}

function Figure({ name, value, note, bad = false }: { name: string; value: string; note: string; bad?: boolean }) {
  return (
    <div className="border-r border-line p-3 last:border-r-0 phone:border-b">
      <dt className="eyebrow">{name}</dt>
      <dd className="figures text-16 font-semibold tracking-tight">{value}</dd>
      <dd className={cn('text-12', bad ? 'text-remove' : 'text-ink-faint')}>{note}</dd>
    </div>
  )
}

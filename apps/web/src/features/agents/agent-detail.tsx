import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { MessageSquare } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Confirm } from '../../components/dialog.tsx'
import { Failure, SkeletonRows } from '../../components/states.tsx'
import { TabBar } from '../../components/tab-bar.tsx'
import { api, client, requestError } from '../../lib/api.ts'
import { reportFailure } from '../../lib/report.ts'
import { AgentEditor } from './agent-editor.tsx'
import { AgentOverview } from './agent-overview.tsx'
import { AgentStatisticsView } from './agent-statistics.tsx'
import { AgentTools } from './agent-tools.tsx'

const VersionsTab = lazy(() => import('./versions-tab.tsx'))
const TABS = [
  { value: 'overview', label: 'Overview' },
  { value: 'tools', label: 'Tools and permissions' },
  { value: 'edit', label: 'Edit' },
  { value: 'versions', label: 'Versions' },
  { value: 'statistics', label: 'Statistics' },
] as const

/** Everything about one agent. */
export function AgentDetail({ id }: { id: string }) {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const search = useSearch({ from: '/agents' })
  const [removing, setRemoving] = useState(false)
  const found = useQuery(api.agents.get.queryOptions({ input: { id } }))
  const refresh = () => queries.invalidateQueries({ queryKey: api.agents.key() })
  const enable = useMutation({
    mutationFn: (enabled: boolean) => client.agents.enable({ id, enabled }),
    onError: reportFailure,
    onSettled: refresh,
  })
  const remove = useMutation({
    mutationFn: () => client.agents.remove({ id }),
    onSuccess: () => navigate({ to: '/agents', search: {} }),
    onError: reportFailure,
    onSettled: refresh,
  })
  const talk = useMutation({
    mutationFn: () => client.threads.create({ agent: id }),
    onSuccess: (thread) => navigate({ to: '/chat/$thread', params: { thread: thread.id } }),
    onError: reportFailure,
  })
  if (found.isPending) return <SkeletonRows label="Loading the agent" />
  if (found.error) return <Failure error={requestError(found.error)} onRetry={() => void found.refetch()} />
  const stored = found.data
  const { agent } = stored
  const tab = TABS.find((each) => each.value === search.tab)?.value ?? 'overview'
  return (
    <div className="flex h-full flex-col">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2 bg-surface px-4 pb-1 pt-3">
        <div className="min-w-0 flex-1 phone:basis-full">
          <h2 className="flex flex-wrap items-center gap-2 text-16 font-semibold tracking-tight">
            <span className="min-w-0 break-words">{agent.name}</span>{' '}
            <span className="mono text-12 font-normal text-ink-faint">{agent.version}</span>
            {stored.enabled ? null : <Badge tone="change">off</Badge>}
            {stored.changed ? <Badge>changed by you</Badge> : null}
          </h2>
          <p className="line-clamp-3 text-ink-faint">{agent.description}</p>
        </div>
        <Button icon={MessageSquare} tone="accent" disabled={!stored.enabled} busy={talk.isPending} onClick={() => talk.mutate()}>
          Talk
        </Button>
        <Button busy={enable.isPending} onClick={() => enable.mutate(!stored.enabled)}>
          {stored.enabled ? 'Switch off' : 'Switch on'}
        </Button>
        {stored.source === 'own' || stored.changed ? (
          <Button tone="grave" onClick={() => setRemoving(true)}>
            {stored.source === 'own' ? 'Remove' : 'Back to what is shipped'}
          </Button>
        ) : null}
      </header>
      <TabBar
        label="Parts of the agent"
        tabs={TABS}
        value={tab}
        onChange={(next) =>
          void navigate({ to: '/agents', search: { agent: id, ...(next !== 'overview' && { tab: next }) }, replace: true })
        }
      />
      <div
        tabIndex={0}
        role="group"
        aria-label={TABS.find((each) => each.value === tab)?.label}
        className="min-h-0 flex-1 overflow-auto p-4 focus-visible:-outline-offset-2"
      >
        {tab === 'overview' ? <AgentOverview agent={agent} /> : null}
        {tab === 'tools' ? <AgentTools tools={stored.toolList} permissions={stored.permissions} missing={stored.missing} /> : null}
        {tab === 'edit' ? <AgentEditor key={agent.version} agent={agent} /> : null}
        {tab === 'versions' ? (
          <Suspense fallback={<SkeletonRows rows={4} label="Loading versions" />}>
            <VersionsTab id={id} current={agent.version} />
          </Suspense>
        ) : null}
        {tab === 'statistics' ? <AgentStatisticsView id={id} /> : null}
      </div>
      <Confirm
        open={removing}
        onOpenChange={setRemoving}
        title={stored.source === 'own' ? `Remove ${agent.name}?` : `Go back to the ${agent.name} that is shipped?`}
        message={stored.source === 'own' ? 'Its versions go with it. Conversations with it stay.' : 'Your changes stay among its versions.'}
        confirm={stored.source === 'own' ? 'Remove' : 'Go back'}
        busy={remove.isPending}
        onConfirm={() => (remove.mutate(), setRemoving(false))}
      />
    </div>
  )
}

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Ellipsis } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { Badge } from '../../components/badge.tsx'
import { Button, IconButton } from '../../components/button.tsx'
import { Confirm } from '../../components/dialog.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { ActionMenu } from '../../components/menu.tsx'
import { Card, Section } from '../../components/page.tsx'
import { Failure, SkeletonBlock, SkeletonRows } from '../../components/states.tsx'
import { TabBar } from '../../components/tab-bar.tsx'
import { api, client, requestError } from '../../lib/api.ts'
import { useCrumbs } from '../../lib/crumbs.ts'
import { moment } from '../../lib/format.ts'
import { reportDone } from '../../lib/report.ts'
import { RunLine } from '../../components/runs/run-line.tsx'
import { StartForm } from './start-form.tsx'
import { StatisticsView } from './statistics-view.tsx'

const PlanGraph = lazy(async () => ({ default: (await import('../../components/graph/plan-graph-view.tsx')).PlanGraph }))
const TABS = [
  { value: 'start', label: 'Start' },
  { value: 'plan', label: 'Plan' },
  { value: 'versions', label: 'Versions' },
  { value: 'statistics', label: 'Statistics' },
] as const

/** One workflow: start it, read it, see how it does. */
export function WorkflowPage() {
  const { plan: id } = useParams({ from: '/workflows/$plan' })
  const search = useSearch({ from: '/workflows/$plan' })
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [removing, setRemoving] = useState(false)
  const query = useQuery(api.plans.get.queryOptions({ input: { id } }))
  const remove = useMutation({
    mutationFn: () => client.plans.remove({ id }),
    onSuccess: () => {
      reportDone('The workflow is removed. Its runs stay.')
      void queries.invalidateQueries({ queryKey: api.plans.key() })
      void navigate({ to: '/workflows' })
    },
  })
  useCrumbs({ label: 'Workflows', to: '/workflows' }, { label: query.data?.plan.name ?? id })
  const tab = TABS.find((each) => each.value === search.tab)?.value ?? 'start'
  if (query.isPending)
    return (
      <div className="mx-auto flex max-w-[760px] flex-col gap-4 p-8" role="status" aria-label="Loading the workflow">
        <SkeletonBlock className="h-7 w-64" />
        <SkeletonBlock className="h-4 w-96" />
        <SkeletonBlock className="h-40" />
      </div>
    )
  if (query.error) return <Failure error={requestError(query.error)} onRetry={() => void query.refetch()} />
  const stored = query.data
  const { plan } = stored
  return (
    <div className="flex h-full flex-col">
      <header className="flex shrink-0 items-start gap-3 bg-surface px-4 pb-1 pt-3 phone:px-3">
        <div className="min-w-0 flex-1">
          <h1 className="flex flex-wrap items-center gap-2 text-16 font-semibold tracking-tight">
            {plan.name}
            <span className="mono text-12 font-normal text-ink-faint">{plan.version}</span>
            {stored.source === 'person' ? <Badge>yours</Badge> : null}
          </h1>
          {plan.description ? <p className="max-w-[720px] text-ink-faint">{plan.description}</p> : null}
        </div>
        {stored.source === 'person' ? (
          <ActionMenu
            trigger={<IconButton icon={Ellipsis} label="More" />}
            items={[
              {
                id: 'workflow.remove',
                name: 'Remove this workflow',
                group: 'This page',
                icon: GLYPH.trash,
                grave: true,
                perform: () => setRemoving(true),
              },
            ]}
          />
        ) : null}
      </header>
      <TabBar
        label="Parts of the workflow"
        tabs={TABS}
        value={tab}
        onChange={(next) =>
          void navigate({
            to: '/workflows/$plan',
            params: { plan: id },
            search: (now) => ({ ...now, tab: next === 'start' ? undefined : next }),
            replace: true,
          })
        }
      />
      <div className="min-h-0 flex-1">
        {tab === 'start' ? (
          <StartTab id={id}>
            <StartForm key={`${plan.id}@${plan.version}`} stored={stored} given={search.inputs ?? {}} />
          </StartTab>
        ) : tab === 'plan' ? (
          <div className="grid h-full grid-cols-2 divide-x divide-line narrow:grid-cols-1 narrow:grid-rows-2 narrow:divide-x-0 narrow:divide-y">
            <Suspense fallback={<SkeletonRows rows={6} label="Loading the graph" />}>
              <PlanGraph steps={plan.steps} />
            </Suspense>
            <pre
              tabIndex={0}
              aria-label="The plan as text"
              className="mono overflow-auto bg-surface p-4 text-12 leading-[20px] text-ink-soft"
            >
              {stored.text}
            </pre>
          </div>
        ) : tab === 'versions' ? (
          <VersionsTab id={id} current={plan.version} />
        ) : (
          <StatisticsTab id={id} />
        )}
      </div>
      <Confirm
        open={removing}
        onOpenChange={setRemoving}
        title={`Remove “${plan.name}”?`}
        message="Its past runs stay in the list and can still be undone."
        confirm="Remove"
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
      />
    </div>
  )
}

function StartTab({ id, children }: { id: string; children: React.ReactNode }) {
  const runs = useQuery(api.runs.list.queryOptions({ input: { plan: id, limit: 5 } }))
  return (
    <div className="h-full overflow-auto">
      <div className="mx-auto flex max-w-[760px] flex-col gap-8 px-8 pb-16 pt-7 phone:px-3 phone:pt-4">
        {children}
        {runs.data && runs.data.items.length > 0 ? (
          <Section
            title="Earlier runs"
            actions={
              <Button asChild tone="quiet">
                <Link to="/runs" search={{ plan: id }}>
                  All {runs.data.total}
                </Link>
              </Button>
            }
          >
            <Card>
              {runs.data.items.map((run) => (
                <RunLine key={run.id} run={run} />
              ))}
            </Card>
          </Section>
        ) : null}
      </div>
    </div>
  )
}

function VersionsTab({ id, current }: { id: string; current: string }) {
  const versions = useQuery(api.plans.versions.queryOptions({ input: { id } }))
  const [shown, setShown] = useState(current)
  const text = useQuery(api.plans.get.queryOptions({ input: { id, version: shown } }))
  if (versions.isPending) return <SkeletonRows rows={4} label="Loading versions" />
  if (versions.error) return <Failure error={requestError(versions.error)} onRetry={() => void versions.refetch()} quiet />
  return (
    <div className="flex h-full phone:flex-col">
      <nav
        aria-label="Versions"
        className="w-64 shrink-0 overflow-auto border-r border-line phone:max-h-48 phone:w-full phone:border-b phone:border-r-0"
      >
        {versions.data.map((version) => (
          <button
            key={version.version}
            type="button"
            aria-current={version.version === shown ? 'true' : undefined}
            onClick={() => setShown(version.version)}
            className="flex min-h-12 w-full items-center gap-2 border-b border-line px-4 text-left hover:bg-hover/60 aria-[current=true]:bg-accent-soft"
          >
            <span className="mono font-medium">{version.version}</span>
            {version.version === current ? <Badge tone="accent">current</Badge> : null}
            <span className="ml-auto text-right text-12 text-ink-faint">
              {version.by}
              <br />
              {moment(version.at)}
            </span>
          </button>
        ))}
      </nav>
      {text.error ? (
        <Failure error={requestError(text.error)} quiet />
      ) : (
        <pre
          tabIndex={0}
          aria-label={`Version ${shown}`}
          className="mono min-w-0 flex-1 overflow-auto bg-surface p-4 text-12 leading-[20px] text-ink-soft"
        >
          {text.data?.text ?? ''}
        </pre>
      )}
    </div>
  )
}

function StatisticsTab({ id }: { id: string }) {
  const statistics = useQuery(api.plans.statistics.queryOptions({ input: { id } }))
  if (statistics.isPending) return <SkeletonRows rows={5} label="Loading statistics" />
  if (statistics.error) return <Failure error={requestError(statistics.error)} onRetry={() => void statistics.refetch()} quiet />
  return <StatisticsView statistics={statistics.data} />
}

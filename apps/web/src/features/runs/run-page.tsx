import type { Run } from '@life-os/contract'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useMemo } from 'react'
import { ApprovalView } from '../../components/approval/approval-view.tsx'
import { SummaryLine } from '../../components/approval/summary-line.tsx'
import { GROUPINGS } from '../../components/review/groups.ts'
import type { Grouping } from '../../components/review/groups.ts'
import { Review } from '../../components/review/review.tsx'
import type { ReviewView } from '../../components/review/review-view.ts'
import { rowsOf } from '../../components/review/rows.ts'
import { tallyOf } from '../../components/review/selection.ts'
import { nameOfRun } from '../../components/runs/outcome.ts'
import { Failure, SkeletonRows } from '../../components/states.tsx'
import { ThumbnailRun } from '../../components/thumbnail.tsx'
import { TabBar } from '../../components/tab-bar.tsx'
import { useActions } from '../../lib/actions.tsx'
import { api, requestError } from '../../lib/api.ts'
import { useCrumbs } from '../../lib/crumbs.ts'
import { shortId } from '../../lib/format.ts'
import { changesOf, isOver, useAllow, useAnswer } from '../../lib/queries.ts'
import { LiveOutput } from './live-output.tsx'
import { JournalTab } from './journal-tab.tsx'
import { OutputsTab } from './outputs-tab.tsx'
import { RunHeader } from './run-header.tsx'
import { DoneBand, FailedBand, LookingBand, RunningBand } from './run-progress.tsx'
import { SaveAsWorkflow } from './save-as-workflow.tsx'
import { TimelineTab } from './timeline-tab.tsx'
import { mergeStates } from './merge-states.ts'
import { useLiveRun } from './use-live-run.ts'
import { useRunActions } from './run-actions.ts'

const RunGraph = lazy(() => import('./run-graph.tsx'))
const TABS = [
  { value: 'changes', label: 'Changes' },
  { value: 'timeline', label: 'Timeline' },
  { value: 'graph', label: 'Graph' },
  { value: 'journal', label: 'Journal' },
  { value: 'outputs', label: 'Outputs' },
] as const
type Tab = (typeof TABS)[number]['value']
const NOTHING_LEFT_OUT: ReadonlySet<string> = new Set()

/** By folder to decide and to look back; in plan order while it runs, so that the list fills from the top. */
const firstGrouping = (run: Run | undefined): Grouping =>
  run?.state === 'running' || run?.state === 'paused' || run?.state === 'queued' ? 'none' : 'folder'

/** What an empty list of changes means, by how far the run came. */
const nothingChanged = ({ state }: Run) =>
  state === 'done'
    ? { title: 'Nothing was changed', text: 'What it gave back is under Outputs.' }
    : isOver(state)
      ? { title: 'Nothing was changed', text: 'It ended before it changed anything.' }
      : { title: 'Nothing is changed yet', text: 'What it changes is listed here as it happens.' }

/** Preview, approve, run, undo: one page from the question to the answer. */
export function RunPage() {
  const { run: id } = useParams({ from: '/runs/$run' })
  const search = useSearch({ from: '/runs/$run' })
  const navigate = useNavigate()
  const query = useQuery({
    ...api.runs.get.queryOptions({ input: { id } }),
    refetchInterval: ({ state }) => (state.data?.state === 'previewing' ? 1000 : false),
  })
  const run = query.data
  const approval = useQuery({ ...api.approvals.get.queryOptions({ input: { id: run?.approval ?? '' } }), enabled: Boolean(run?.approval) })
  const changes = useQuery({ ...changesOf(id), enabled: run !== undefined && run.state !== 'previewing' })
  const { live, samples } = useLiveRun(run)
  const { actions, busy } = useRunActions(run)
  const answer = useAnswer()
  const allow = useAllow()
  useCrumbs({ label: 'Runs', to: '/runs' }, { label: run ? `${nameOfRun(run)} · ${shortId(id)}` : shortId(id) })
  useActions(Object.values(actions))
  const rows = useMemo(() => rowsOf(changes.data ?? []), [changes.data])
  // A run that changed nothing is there for what it gave back.
  const first: Tab = run?.state === 'done' && changes.data?.length === 0 ? 'outputs' : 'changes'
  const tab: Tab = TABS.find((each) => each.value === search.tab)?.value ?? first
  const view: ReviewView = {
    search: search.q ?? '',
    by: GROUPINGS.find((each) => each === search.by) ?? firstGrouping(run),
    clashes: search.clashes === true,
  }
  const set = (change: Record<string, unknown>): void =>
    void navigate({ to: '/runs/$run', params: { run: id }, search: (now) => ({ ...now, ...change }), replace: true })
  const setView = (next: ReviewView): void =>
    set({ q: next.search || undefined, by: next.by === firstGrouping(run) ? undefined : next.by, clashes: next.clashes || undefined })

  const over = run !== undefined && isOver(run.state)
  const states = useMemo(() => mergeStates(rows, live.changes, over), [rows, live.changes, over])
  const kept = useMemo(() => rows.filter((row) => row.state !== 'unticked'), [rows])
  const made = useMemo(() => kept.filter((row) => (states.get(row.id) ?? row.state) === 'done' || row.state === 'undone'), [kept, states])
  const tally = useMemo(() => tallyOf(kept, NOTHING_LEFT_OUT), [kept])
  const madeTally = useMemo(() => tallyOf(made, NOTHING_LEFT_OUT), [made])
  if (query.isPending) return <SkeletonRows rows={16} label="Loading the run" />
  if (query.error) return <Failure error={requestError(query.error)} onRetry={() => void query.refetch()} />
  if (!run) return null

  const asks = run.state === 'waiting' && run.approval !== null
  const goes = run.state === 'running' || run.state === 'queued' || run.state === 'paused' || run.state === 'waiting'
  const follow = run.state === 'running' ? ([...states].findLast(([, state]) => state === 'doing')?.[0] ?? null) : null
  const graph = (compact: boolean) => (
    <Suspense fallback={<SkeletonRows rows={6} label="Loading the graph" />}>
      <RunGraph run={run} live={live} compact={compact} />
    </Suspense>
  )
  const loading = <SkeletonRows rows={14} label="Loading the changes" />

  const sentence =
    run.state === 'done' ? (
      <DoneBand run={run} tally={madeTally} actions={actions} busy={busy === 'undo'} />
    ) : run.state === 'failed' || run.state === 'cancelled' || run.state === 'stopped' ? (
      <FailedBand run={run} live={live} done={Math.max(made.length, run.progress.effects)} actions={actions} busy={busy} />
    ) : run.state === 'previewing' ? (
      <LookingBand run={run} live={live} />
    ) : asks ? null : (
      <RunningBand run={run} live={live} samples={samples} total={kept.length || (run.totals?.changes ?? 0)} />
    )

  const tabs = (
    <TabBar label="Parts of the run" tabs={TABS} value={tab} onChange={(next) => set({ tab: next === first ? undefined : next })} />
  )
  const head = (summary: React.ReactNode) => (
    <>
      <RunHeader run={run} actions={actions}>
        {summary ?? sentence}
      </RunHeader>
      {tabs}
    </>
  )
  if (asks && tab === 'changes') {
    if (approval.isPending || changes.isPending)
      return (
        <div className="flex h-full flex-col">
          {head(<SummaryLine tally={tally} undo={run.kind === 'undo'} />)}
          {loading}
        </div>
      )
    if (approval.error) return <Failure error={requestError(approval.error)} onRetry={() => void approval.refetch()} />
    if (approval.data) {
      return (
        <div className="flex h-full flex-col" key={approval.data.id}>
          <ThumbnailRun value={id}>
            <ApprovalView
              detail={approval.data}
              changes={approval.data.kind === 'preview' ? changes.data : undefined}
              undo={run.kind === 'undo'}
              busy={answer.isPending || allow.isPending}
              error={answer.error ?? allow.error}
              view={view}
              onView={setView}
              onAnswer={(given) => answer.mutate({ id: approval.data.id, ...given })}
              onAllow={(permissions) => allow.mutate({ id: approval.data.id, allow: permissions })}
              head={head}
              extra={run.kind === 'run' ? <SaveAsWorkflow run={run} /> : null}
            />
          </ThumbnailRun>
        </div>
      )
    }
  }
  return (
    <div className="flex h-full flex-col">
      {head(asks ? <SummaryLine tally={tally} undo={run.kind === 'undo'} /> : null)}
      {tab === 'changes' ? <LiveOutput console={live.console} running={!over} /> : null}
      <div className="min-h-0 flex-1">
        {tab === 'changes' ? (
          run.state === 'previewing' || changes.isPending ? (
            loading
          ) : changes.error ? (
            <Failure error={requestError(changes.error)} onRetry={() => void changes.refetch()} quiet />
          ) : (
            <ThumbnailRun value={id}>
              <Review
                rows={rows}
                mode="follow"
                excluded={NOTHING_LEFT_OUT}
                onExcluded={() => undefined}
                states={states}
                view={view}
                onView={setView}
                follow={follow}
                nothing={nothingChanged(run)}
                live={goes && !isOver(run.state) ? { label: 'Steps', content: graph(true) } : undefined}
              />
            </ThumbnailRun>
          )
        ) : tab === 'timeline' ? (
          <TimelineTab run={run} />
        ) : tab === 'graph' ? (
          graph(false)
        ) : tab === 'journal' ? (
          <JournalTab run={run} />
        ) : (
          <OutputsTab run={run} />
        )}
      </div>
    </div>
  )
}

import type { AnswerPart } from '@life-os/contract'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useMemo } from 'react'
import { StateBadge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { graphSteps, layoutGraph } from '../../components/graph/plan-graph.ts'
import { GLYPH } from '../../components/glyphs.ts'
import { Icon } from '../../components/icon.tsx'
import { Meter } from '../../components/meter.tsx'
import { api } from '../../lib/api.ts'
import { homeText, number } from '../../lib/format.ts'
import { isOver } from '../../lib/queries.ts'
import { InlineApproval } from './inline-approval.tsx'
import { PlanOutcome } from './plan-outcome.tsx'

const PlanGraph = lazy(() => import('../../components/graph/plan-graph-view.tsx').then((module) => ({ default: module.PlanGraph })))

const LOWEST = 112 // px
const HIGHEST = 280
const WIDE = 680

/** As high as the graph is once it fits the card. */
function heightOf(steps: Parameters<typeof graphSteps>[0]): number {
  const { width, height } = layoutGraph(graphSteps(steps))
  return Math.min(HIGHEST, Math.max(LOWEST, Math.round(height * Math.min(1, WIDE / width)) + 56))
}

/** A plan that an agent made: its graph, how far its run is, and the way to its page. */
export function PlanCard({ part }: { part: Extract<AnswerPart, { type: 'plan' }> }) {
  const run = useQuery(api.runs.get.queryOptions({ input: { id: part.run } }))
  const plan = useQuery({ ...api.runs.plan.queryOptions({ input: { id: part.run } }), staleTime: Infinity })
  const height = useMemo(() => (plan.data ? heightOf(plan.data.plan.steps) : LOWEST), [plan.data])
  const state = run.data?.state ?? part.state
  const approval = run.data ? run.data.approval : part.approval
  const { steps = 0, now = null } = run.data?.progress ?? {}
  const total = run.data?.totals?.changes ?? null
  return (
    <section aria-label={`Plan: ${part.name}`} className="my-3 overflow-hidden rounded-card border border-line bg-surface">
      <header className="flex min-h-11 items-center gap-2 px-3 py-1.5">
        <Icon of={GLYPH.plan} className="text-accent-text" />
        <span className="min-w-0 flex-1 truncate font-semibold">{part.name}</span>
        <StateBadge state={state} />
        <Button asChild tone="quiet">
          <Link to="/runs/$run" params={{ run: part.run }}>
            Open
          </Link>
        </Button>
      </header>
      {plan.data && !isOver(state) ? (
        <div className="overflow-hidden border-t border-line" style={{ height }}>
          <Suspense fallback={<div className="skeleton h-full" />}>
            <PlanGraph steps={plan.data.plan.steps} compact />
          </Suspense>
        </div>
      ) : null}
      {state === 'running' && run.data ? (
        <div className="flex flex-col gap-1 border-t border-line px-3 py-2">
          <Meter value={total ? run.data.progress.effects / total : null} label={`Progress of ${part.name}`} />
          <p className="mono truncate text-12 text-ink-faint">{now ? homeText(now) : `${number(steps)} steps done`}</p>
        </div>
      ) : null}
      {run.data && isOver(state) ? <PlanOutcome run={run.data} /> : null}
      {approval && !isOver(state) ? <InlineApproval id={approval} /> : null}
    </section>
  )
}

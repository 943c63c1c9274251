import type { Run } from '@life-os/contract'
import { useQuery } from '@tanstack/react-query'
import { Failure, SkeletonRows } from '../../components/states.tsx'
import { PlanGraph } from '../../components/graph/plan-graph-view.tsx'
import { api, requestError } from '../../lib/api.ts'
import type { LiveRun } from '../../lib/live-run.ts'
import { countSteps } from './step-counts.ts'
import { isOver } from '../../lib/queries.ts'

/** The frozen plan as a graph; what is going on now is lit. */
export default function RunGraph({ run, live, compact }: { run: Run; live: LiveRun; compact: boolean }) {
  const plan = useQuery({ ...api.runs.plan.queryOptions({ input: { id: run.id } }), staleTime: Infinity })
  const steps = useQuery({ ...api.runs.steps.queryOptions({ input: { id: run.id, limit: 200 } }), enabled: isOver(run.state) })
  if (plan.isPending) return <SkeletonRows rows={6} label="Loading the graph" />
  if (plan.error) return <Failure error={requestError(plan.error)} onRetry={() => void plan.refetch()} quiet />
  const counts = live.steps.size > 0 ? live.steps : countSteps(steps.data?.items ?? [])
  return <PlanGraph steps={plan.data.plan.steps} counts={counts} compact={compact} />
}

import type { AnswerApproval, ApprovalDetail, Run } from '@life-os/contract'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, client, requestError } from './api.ts'
import type { RequestError } from './api.ts'

type Changes = Awaited<ReturnType<typeof client.runs.changes>>['items']

/** Every previewed change of a run, page after page. */
export function changesOf(run: string) {
  return queryOptions<Changes, RequestError>({
    queryKey: [...api.runs.changes.key(), 'all', run],
    queryFn: async ({ signal }) => {
      const items: Changes = []
      let cursor: string | undefined
      do {
        const page = await client.runs.changes({ id: run, limit: 10_000, ...(cursor !== undefined && { cursor }) }, { signal })
        items.push(...page.items)
        cursor = page.next ?? undefined
      } while (cursor !== undefined)
      return items
    },
    staleTime: 60_000,
  })
}

export const waitingApprovals = () => api.approvals.list.queryOptions({ input: { state: 'waiting', limit: 200 } })

const ACTIVE: readonly Run['state'][] = ['previewing', 'queued', 'running', 'waiting', 'paused']
/** Runs that are not over. */
export const activeRuns = () => api.runs.list.queryOptions({ input: { state: [...ACTIVE], limit: 50 } })
export const recentRuns = () => api.runs.list.queryOptions({ input: { limit: 50 } })
export const isOver = (state: Run['state']): boolean =>
  state === 'done' || state === 'failed' || state === 'cancelled' || state === 'stopped'

/** Asks again for everything about runs and approvals. */
export function useRefreshRuns(): () => void {
  const queries = useQueryClient()
  return () => {
    for (const key of [api.runs.key(), api.approvals.key(), api.system.health.key(), api.system.trash.key()])
      void queries.invalidateQueries({ queryKey: key })
  }
}

export type Answer = Partial<AnswerApproval> & Pick<AnswerApproval, 'answer' | 'hash'>

/** Answers an approval and refreshes whatever shows it. */
export function useAnswer(onDone?: (run: Run) => void) {
  const refresh = useRefreshRuns()
  return useMutation<Run, RequestError, Answer & { id: string }>({
    mutationFn: async (answer) => {
      try {
        return await client.approvals.answer(answer)
      } catch (thrown) {
        throw requestError(thrown)
      }
    },
    onSuccess: (run) => onDone?.(run),
    onSettled: refresh,
  })
}

/** Allows what a plan needs for its run, so that it can be previewed further: the question then shows what would happen. */
export function useAllow() {
  const refresh = useRefreshRuns()
  return useMutation<ApprovalDetail, RequestError, { id: string; allow: string[] }>({
    mutationFn: async (wanted) => {
      try {
        return await client.approvals.edit(wanted)
      } catch (thrown) {
        throw requestError(thrown)
      }
    },
    onSettled: refresh,
    meta: { quiet: true },
  })
}

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ExternalLink } from 'lucide-react'
import { ApprovalView } from '../../components/approval/approval-view.tsx'
import { Failure, SkeletonRows } from '../../components/states.tsx'
import { ThumbnailRun } from '../../components/thumbnail.tsx'
import { api, requestError } from '../../lib/api.ts'
import { changesOf, useAllow, useAnswer } from '../../lib/queries.ts'

/** A question of an answer's run, answered where it stands. Once it is answered it is gone from here. */
export function InlineApproval({ id }: { id: string }) {
  const detail = useQuery(api.approvals.get.queryOptions({ input: { id } }))
  const answer = useAnswer()
  const allow = useAllow()
  const preview = detail.data?.preview
  const many = (preview?.summary.totals.changes ?? 0) > (preview?.changes.length ?? 0)
  const changes = useQuery({ ...changesOf(detail.data?.run ?? ''), enabled: many })
  if (detail.isPending || (many && changes.isPending)) return <SkeletonRows rows={3} label="Loading the question" />
  if (detail.error) return <Failure error={requestError(detail.error)} onRetry={() => void detail.refetch()} quiet />
  if (detail.data.state !== 'waiting') return null
  const { title, run } = detail.data
  return (
    <section aria-label={`Question: ${title}`} className="border-t border-line first:border-t-0">
      <ThumbnailRun value={run}>
        <ApprovalView
          detail={detail.data}
          changes={many ? changes.data : undefined}
          undo={false}
          compact
          busy={answer.isPending || allow.isPending}
          error={answer.error ?? allow.error}
          onAnswer={(given) => answer.mutate({ id, ...given })}
          onAllow={(permissions) => allow.mutate({ id, allow: permissions })}
          head={(summary) => (
            <header className="flex shrink-0 items-start gap-2 border-b border-line px-3 py-2">
              <div className="min-w-0 flex-1">{summary ?? <p className="truncate font-medium">{title}</p>}</div>
              <Link
                to="/inbox"
                search={{ approval: id }}
                aria-label="Open this question on its own page"
                className="-my-0.5 flex size-7 items-center justify-center rounded-control text-ink-faint hover:bg-hover hover:text-ink phone:size-11"
              >
                <ExternalLink aria-hidden size={14} strokeWidth={1.75} />
              </Link>
            </header>
          )}
        />
      </ThumbnailRun>
    </section>
  )
}

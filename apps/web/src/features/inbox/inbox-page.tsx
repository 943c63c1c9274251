import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { BellRing, ExternalLink } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { ApprovalView } from '../../components/approval/approval-view.tsx'
import { KIND } from '../../components/approval/kinds.ts'
import { GLYPH } from '../../components/glyphs.ts'
import { Empty, Failure, SkeletonRows } from '../../components/states.tsx'
import { ThumbnailRun } from '../../components/thumbnail.tsx'
import { useActions } from '../../lib/actions.tsx'
import { api, requestError } from '../../lib/api.ts'
import { cn } from '../../lib/cn.ts'
import { useCrumbs } from '../../lib/crumbs.ts'
import { count, moment } from '../../lib/format.ts'
import { PHONE, useMedia } from '../../lib/media.ts'
import { changesOf, useAllow, useAnswer, waitingApprovals } from '../../lib/queries.ts'

/** Every question that waits: the list at the left, the one that is open with its changes at the right. */
export function InboxPage() {
  const phone = useMedia(PHONE)
  const navigate = useNavigate()
  const { approval: wanted } = useSearch({ from: '/inbox' })
  const approvals = useQuery(waitingApprovals())
  const items = approvals.data?.items ?? []
  const index = items.findIndex((approval) => approval.id === wanted)
  const current = items[index] ?? (phone ? undefined : items[0])
  useCrumbs({ label: 'Inbox', to: '/inbox' }, ...(phone && current ? [{ label: current.title }] : []))
  const open = (id: string | undefined): void => void navigate({ to: '/inbox', search: id ? { approval: id } : {}, replace: !phone })
  const step = (by: number): void => {
    const next = items[Math.max(0, Math.min(items.length - 1, Math.max(0, index) + by))]
    if (next) open(next.id)
  }
  useActions([
    { id: 'inbox.next', name: 'Next question', group: 'This page', shortcut: 'j', when: items.length > 1, perform: () => step(1) },
    { id: 'inbox.previous', name: 'Previous question', group: 'This page', shortcut: 'k', when: items.length > 1, perform: () => step(-1) },
  ])
  if (approvals.isPending) return <SkeletonRows label="Loading the inbox" />
  if (approvals.error) return <Failure error={requestError(approvals.error)} onRetry={() => void approvals.refetch()} />
  if (items.length === 0) return <InboxEmpty />
  const Heading = phone ? 'h1' : 'h2'
  const at = items.indexOf(current ?? items[0]!)
  return (
    <div className="flex h-full">
      {phone && current ? null : (
        <nav
          aria-label="Questions"
          className="flex w-72 shrink-0 flex-col overflow-auto border-r border-line bg-canvas phone:w-full phone:border-r-0"
        >
          <Heading className="flex h-11 shrink-0 items-center border-b border-line px-4 font-semibold">
            {count(items.length, 'question')} for you
          </Heading>
          {items.map((approval) => (
            <button
              key={approval.id}
              type="button"
              aria-current={approval.id === current?.id ? 'true' : undefined}
              onClick={() => open(approval.id)}
              className={cn(
                'flex flex-col gap-0.5 border-b border-line px-4 py-2.5 text-left',
                approval.id === current?.id ? 'bg-pressed' : 'hover:bg-hover',
              )}
            >
              <span className="flex items-center gap-2">
                <Badge tone={KIND[approval.kind].tone} icon={KIND[approval.kind].icon}>
                  {KIND[approval.kind].word}
                </Badge>
                <span className="ml-auto text-12 text-ink-faint">{moment(approval.createdAt)}</span>
              </span>
              <span className="truncate font-medium">{approval.title}</span>
              <span className="truncate text-12 text-ink-faint">{approval.message}</span>
            </button>
          ))}
        </nav>
      )}
      {current ? (
        <div className="min-w-0 flex-1">
          <OpenApproval
            key={current.id}
            id={current.id}
            onAnswered={() => open(phone ? undefined : (items[at + 1] ?? items[at - 1])?.id)}
          />
        </div>
      ) : null}
    </div>
  )
}

function OpenApproval({ id, onAnswered }: { id: string; onAnswered: () => void }) {
  const detail = useQuery(api.approvals.get.queryOptions({ input: { id } }))
  const many = (detail.data?.preview?.summary.totals.changes ?? 0) > (detail.data?.preview?.changes.length ?? 0)
  const changes = useQuery({ ...changesOf(detail.data?.run ?? ''), enabled: many && detail.data !== undefined })
  const answered = useRef(onAnswered)
  useEffect(() => {
    answered.current = onAnswered
  })
  const answer = useAnswer(() => answered.current())
  const allow = useAllow()
  if (detail.isPending || (many && changes.isPending)) return <SkeletonRows rows={14} label="Loading the changes" />
  if (detail.error) return <Failure error={requestError(detail.error)} onRetry={() => void detail.refetch()} />
  const approval = detail.data
  return (
    <ThumbnailRun value={approval.run}>
      <ApprovalView
        detail={approval}
        changes={many ? changes.data : undefined}
        undo={approval.title.toLowerCase().startsWith('undo')}
        busy={answer.isPending || allow.isPending}
        error={answer.error ?? allow.error}
        onAnswer={(given) => answer.mutate({ id, ...given })}
        onAllow={(permissions) => allow.mutate({ id, allow: permissions })}
        head={(summary) => (
          <header className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line bg-surface px-4 py-2 phone:px-3">
            <div className="min-w-0 flex-1">
              <h1 className="flex items-center gap-2 text-ink-soft">
                <span className="truncate font-medium">{approval.title}</span>
              </h1>
              {summary}
            </div>
            <Button asChild tone="quiet">
              <Link to="/runs/$run" params={{ run: approval.run }}>
                Open the run
                <ExternalLink aria-hidden size={14} strokeWidth={1.75} />
              </Link>
            </Button>
          </header>
        )}
      />
    </ThumbnailRun>
  )
}

function InboxEmpty() {
  const [asked, setAsked] = useState(typeof Notification === 'undefined' ? 'denied' : Notification.permission)
  return (
    <Empty
      icon={GLYPH.inbox}
      title="Nothing waits for you"
      action={
        asked === 'default' ? (
          <Button icon={BellRing} onClick={() => void Notification.requestPermission().then(setAsked)}>
            Tell me when something does
          </Button>
        ) : undefined
      }
    >
      When a run needs a decision, it asks here with everything that it would change.
    </Empty>
  )
}

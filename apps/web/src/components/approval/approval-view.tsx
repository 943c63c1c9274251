import type { ApprovalDetail, LabelSource } from '@life-os/contract'
import { useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import type { RequestError } from '../../lib/api.ts'
import type { Answer } from '../../lib/queries.ts'
import { GLYPH } from '../glyphs.ts'
import { Icon } from '../icon.tsx'
import { LabelLine, LabelSources } from '../labels/label-sources.tsx'
import { AT_A_GLANCE, CompactReview } from '../review/compact-review.tsx'
import { FIRST_VIEW } from '../review/review-view.ts'
import type { ReviewView } from '../review/review-view.ts'
import { Review } from '../review/review.tsx'
import { rowsOf } from '../review/rows.ts'
import type { StatedChange } from '../review/rows.ts'
import { tallyOf } from '../review/selection.ts'
import type { Excluded } from '../review/selection.ts'
import { AgentQuestion } from './agent-question.tsx'
import { DecisionBar } from './decision-bar.tsx'
import { DriftView } from './drift-view.tsx'
import { NeedsList, THIS_ONCE, remembered } from './needs-list.tsx'
import { PermissionQuestion } from './permission-question.tsx'
import { Question } from './question.tsx'
import { ReviewQuestion } from './review-question.tsx'
import { SecretQuestion } from './secret-question.tsx'
import { ServerQuestion } from './server-question.tsx'
import { SummaryLine } from './summary-line.tsx'

export interface ApprovalViewProps {
  detail: ApprovalDetail
  /** All changes when there are more than the approval carries. */
  changes?: readonly StatedChange[] | undefined
  undo: boolean
  busy: boolean
  error: RequestError | null
  view?: ReviewView
  onView?: (view: ReviewView) => void
  onAnswer: (answer: Answer) => void
  /** Allows these for the run and previews again: before a preview is answered. */
  onAllow: (permissions: string[]) => void
  extra?: ReactNode
  /** Among other things on a page: few changes are a plain list, and nothing is higher than what it holds. */
  compact?: boolean
  /** Above the changes: a title where the page has none of its own. */
  head?: (summary: ReactNode) => ReactNode
}
const NO_STATES = new Map()
const NO_SOURCES: readonly LabelSource[] = []

/** One question with everything needed to answer it. */
export function ApprovalView({
  detail,
  changes,
  undo,
  busy,
  error,
  view,
  onView,
  onAnswer,
  onAllow,
  extra,
  compact = false,
  head,
}: ApprovalViewProps) {
  const [excluded, setExcluded] = useState<Excluded>(new Set())
  const [ownView, setOwnView] = useState(FIRST_VIEW)
  const [remember, setRemember] = useState(THIS_ONCE)
  const rows = useMemo(() => rowsOf(changes ?? detail.preview?.changes ?? []), [changes, detail.preview])
  const tally = useMemo(() => tallyOf(rows, excluded), [rows, excluded])
  const needs = detail.needs.length > 0 ? detail.needs : (detail.preview?.summary.needs ?? [])
  const reviews = detail.preview !== null && (detail.kind === 'preview' || detail.kind === 'drift' || rows.length > 0)
  const blocked = detail.preview?.summary.failed ? detail.preview.summary.failed.message : undefined
  if (detail.kind === 'review' || detail.kind === 'question')
    return (
      <div className="flex h-full min-h-0 flex-col">
        {compact ? null : head?.(null)}
        <ErrorLine error={error} />
        <div className="min-h-0 flex-1">
          {detail.kind === 'review' ? (
            <ReviewQuestion detail={detail} busy={busy} onAnswer={onAnswer} />
          ) : detail.subject?.server ? (
            <ServerQuestion detail={detail} busy={busy} onAnswer={onAnswer} />
          ) : (
            <AgentQuestion detail={detail} busy={busy} onAnswer={onAnswer} />
          )}
        </div>
      </div>
    )
  if (needs.length > 0 && rows.length === 0 && (detail.kind === 'preview' || detail.kind === 'step') && blocked === undefined)
    return (
      <div className="flex h-full min-h-0 flex-col">
        {head?.(<p className="text-16 font-semibold tracking-tight">It needs your permission first</p>)}
        <ErrorLine error={error} />
        <div className="min-h-0 flex-1">
          <PermissionQuestion detail={detail} needs={needs} busy={busy} onAnswer={onAnswer} onAllow={onAllow} />
        </div>
      </div>
    )
  if (!reviews || detail.kind === 'secret' || detail.kind === 'uncertain' || detail.kind === 'error') {
    return (
      <>
        {head?.(null)}
        <ErrorLine error={error} />
        {detail.kind === 'permission' ? (
          <PermissionQuestion detail={detail} needs={needs} busy={busy} onAnswer={onAnswer} onAllow={onAllow} />
        ) : detail.kind === 'secret' ? (
          <SecretQuestion detail={detail} busy={busy} onAnswer={onAnswer} />
        ) : (
          <Question detail={detail} busy={busy} onAnswer={onAnswer} />
        )}
      </>
    )
  }
  const summary = detail.preview?.summary
  const footer = (
    <DecisionBar
      ticked={tally.ticked}
      of={rows.length}
      final={tally.final}
      undo={undo}
      busy={busy}
      blocked={blocked}
      extra={extra}
      onApprove={(final) => onAnswer({ answer: 'approve', hash: detail.hash, except: [...excluded], final, ...remembered(remember) })}
      offers={detail.offers}
      onRefuse={(reason, never) =>
        onAnswer({
          answer: 'refuse',
          hash: detail.hash,
          ...(reason && { reason }),
          ...(never !== undefined && { remember: 'always', permissions: [never] }),
        })
      }
    />
  )
  return (
    <div className="flex h-full min-h-0 flex-col">
      {head?.(<SummaryLine tally={tally} undo={undo} />)}
      <ErrorLine error={error} />
      {summary?.warnings.slice(0, 4).map((warning, index) => (
        <p key={index} className="flex shrink-0 items-start gap-2 border-b border-line bg-change-soft px-4 py-2 text-change">
          <Icon of={GLYPH.warning} size={14} className="mt-0.5" />
          <span>{warning.message}</span>
        </p>
      ))}
      {summary && !summary.budget.enough ? (
        <p className="flex shrink-0 gap-2 border-b border-line bg-change-soft px-4 py-2 text-change">
          <Icon of={GLYPH.warning} size={14} className="mt-0.5" />
          {summary.budget.message ?? 'The budget will not suffice for all of it.'}
        </p>
      ) : null}
      {detail.kind === 'drift' && detail.before && detail.preview ? <DriftView before={detail.before} now={detail.preview} /> : null}
      <LabelLine sources={summary?.labels ?? []} />
      {needs.length > 0 ? <NeedsList needs={needs} offers={detail.offers} value={remember} onChange={setRemember} /> : null}
      <LabelSources value={summary?.labels ?? NO_SOURCES}>
        {compact && rows.length <= AT_A_GLANCE ? (
          <CompactReview rows={rows} excluded={excluded} onExcluded={setExcluded} footer={footer} />
        ) : (
          <div className={compact ? 'h-[440px]' : 'min-h-0 flex-1'}>
            <Review
              rows={rows}
              mode="choose"
              excluded={excluded}
              onExcluded={setExcluded}
              states={NO_STATES}
              view={view ?? ownView}
              onView={onView ?? setOwnView}
              compact={compact}
              footer={footer}
            />
          </div>
        )}
      </LabelSources>
    </div>
  )
}

function ErrorLine({ error }: { error: RequestError | null }) {
  if (error === null) return null
  return (
    <p role="alert" className="flex shrink-0 items-start gap-2 border-b border-line bg-remove-soft px-4 py-2 text-remove">
      <Icon of={GLYPH.warning} size={14} className="mt-0.5" />
      {error.message}
    </p>
  )
}

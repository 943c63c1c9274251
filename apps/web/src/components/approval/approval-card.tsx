import type { Approval } from '@life-os/contract'
import { Link } from '@tanstack/react-router'
import { moment } from '../../lib/format.ts'
import { Badge } from '../badge.tsx'
import { GLYPH } from '../glyphs.ts'
import { KIND } from './kinds.ts'

/** A question in a card that opens it. */
export function ApprovalCard({ approval }: { approval: Approval }) {
  const kind = KIND[approval.kind]
  return (
    <Link
      to="/inbox"
      search={{ approval: approval.id }}
      className="flex flex-col gap-1 rounded-card border border-line bg-surface p-3 hover:border-line-strong"
    >
      <span className="flex items-center gap-2">
        <Badge tone={kind.tone} icon={kind.icon ?? GLYPH.approval}>
          {kind.word}
        </Badge>
        <span className="min-w-0 truncate text-12 text-ink-faint">{approval.plan.name === approval.title ? '' : approval.plan.name}</span>
        <span className="ml-auto shrink-0 text-12 text-ink-faint">{moment(approval.createdAt)}</span>
      </span>
      <span className="truncate text-14 font-semibold">{approval.title}</span>
      <span className="line-clamp-2 text-ink-faint">{approval.message}</span>
    </Link>
  )
}

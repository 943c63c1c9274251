import type { AuditRecord } from '@life-os/contract'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useId, useRef } from 'react'
import type { KeyboardEvent } from 'react'
import { Badge } from '../../components/badge.tsx'
import { VerdictBadge } from '../../components/verdict.tsx'
import { cn } from '../../lib/cn.ts'
import { fullTime, homeText, moment } from '../../lib/format.ts'
import { PHONE, useMedia } from '../../lib/media.ts'
import { useRowHeight } from '../../lib/row-height.ts'
import { KIND_TONE, auditWords } from './audit-words.ts'

interface AuditListProps {
  items: readonly AuditRecord[]
  open: number | null
  /** There is a panel beside it, so that the rule is read there. */
  compact: boolean
  nameOf: (actor: string) => string
  onOpen: (seq: number) => void
  onEnd: () => void
}

/** Records, newest first; virtual, and a list that the arrow keys walk. */
export function AuditList({ items, open, compact, nameOf, onOpen, onEnd }: AuditListProps) {
  const scroll = useRef<HTMLDivElement>(null)
  const base = useId()
  const phone = useMedia(PHONE)
  const row = useRowHeight()
  const height = phone ? 64 : row
  const virtual = useVirtualizer({ count: items.length, getScrollElement: () => scroll.current, estimateSize: () => height, overscan: 12 })
  useEffect(() => virtual.measure(), [height, virtual])
  const slots = virtual.getVirtualItems()
  const last = slots.at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= items.length - 40) onEnd()
  }, [last, items.length, onEnd])
  const at = items.findIndex((record) => record.seq === open)
  const onKey = (event: KeyboardEvent<HTMLDivElement>): void => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    const next = items[Math.max(0, Math.min(items.length - 1, at + by))]
    if (by === 0 || !next) return
    event.preventDefault()
    onOpen(next.seq)
    virtual.scrollToIndex(items.indexOf(next))
  }
  return (
    <div
      ref={scroll}
      role="listbox"
      aria-label="Records"
      tabIndex={0}
      onKeyDown={onKey}
      {...(at >= 0 && slots.some((slot) => slot.index === at) && { 'aria-activedescendant': `${base}-${at}` })}
      className="h-full overflow-auto focus-visible:-outline-offset-2"
    >
      <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
        {slots.map((slot) => {
          const record = items[slot.index]
          return record ? (
            <div
              key={record.seq}
              id={`${base}-${slot.index}`}
              role="option"
              aria-selected={record.seq === open}
              onClick={() => onOpen(record.seq)}
              className={cn(
                'absolute inset-x-0 top-0 flex cursor-default items-center gap-3 border-b border-line/60 px-4 phone:flex-wrap phone:content-center phone:gap-y-1 phone:px-3',
                record.seq === open ? 'bg-accent-soft' : 'hover:bg-hover/60',
              )}
              style={{ transform: `translateY(${slot.start}px)`, height }}
            >
              <span className="w-28 shrink-0 text-12 text-ink-faint phone:order-2 phone:w-auto" title={fullTime(record.at)}>
                {moment(record.at)}
              </span>
              <span className="flex w-22 shrink-0 phone:order-2 phone:w-auto">
                <Badge tone={KIND_TONE[record.kind]}>{record.kind}</Badge>
              </span>
              <span className="min-w-0 flex-1 truncate phone:order-1 phone:basis-full">{homeText(auditWords(record))}</span>
              {compact ? null : (
                <span className="mono w-48 shrink-0 truncate text-12 text-ink-faint narrow:hidden" title={record.rule ?? ''}>
                  {record.rule ?? ''}
                </span>
              )}
              <span className="w-28 shrink-0 truncate text-12 text-ink-soft phone:order-2 phone:w-auto phone:max-w-28">
                {nameOf(record.actor)}
              </span>
              <span className="flex w-12 shrink-0 justify-end phone:order-2 phone:ml-auto">
                {record.verdict ? <VerdictBadge verdict={record.verdict} /> : null}
              </span>
            </div>
          ) : null
        })}
      </div>
    </div>
  )
}

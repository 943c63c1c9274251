import type { Plugin } from '@life-os/contract'
import { useQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import { SearchInput } from '../../components/field.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Empty, Failure, SkeletonRows } from '../../components/states.tsx'
import { api, requestError } from '../../lib/api.ts'
import { cn } from '../../lib/cn.ts'
import { preciseTime } from '../../lib/format.ts'

const LIMIT = 2000
const TONE: Record<string, string> = { error: 'text-remove', warn: 'text-change', debug: 'text-ink-faint' }

/** What a plugin wrote last, newest at the bottom; asked for again every two seconds while it is looked at. */
export function LogTab({ plugin }: { plugin: Plugin }) {
  const [words, setWords] = useState('')
  const log = useQuery({ ...api.plugins.log.queryOptions({ input: { id: plugin.manifest.id, limit: LIMIT } }), refetchInterval: 2000 })
  if (log.isPending) return <SkeletonRows label="Loading the log" />
  if (log.error) return <Failure error={requestError(log.error)} onRetry={() => void log.refetch()} quiet />
  const needle = words.toLowerCase()
  const lines = log.data.lines.filter((line) => line.text.toLowerCase().includes(needle))
  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-center gap-3">
        <SearchInput value={words} onChange={setWords} label="Search the log" className="w-60 phone:flex-1" />
        <span className="text-12 text-ink-faint">
          {log.data.lines.length >= LIMIT ? `the last ${LIMIT} lines` : 'since Life-OS started'}
        </span>
      </div>
      {lines.length === 0 ? (
        <Empty icon={GLYPH.plugin} title={words ? 'No line matches' : 'It has said nothing'} quiet>
          {words ? undefined : 'What a tool logs while it runs stands here.'}
        </Empty>
      ) : (
        <Lines lines={lines} />
      )}
    </div>
  )
}

function Lines({ lines }: { lines: readonly { at: number; level: string; text: string }[] }) {
  const scroll = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({ count: lines.length, getScrollElement: () => scroll.current, estimateSize: () => 22, overscan: 20 })
  const held = useRef(false)
  useEffect(() => {
    if (!held.current) virtual.scrollToIndex(lines.length - 1, { align: 'end' })
  }, [lines.length, virtual])
  return (
    <div
      ref={scroll}
      tabIndex={0}
      role="log"
      aria-label="Log"
      aria-live="off"
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) =>
        (held.current = scrollHeight - scrollTop - clientHeight > 40)
      }
      className="mono h-[56vh] overflow-auto rounded-card border border-line bg-sunken py-2 text-12"
    >
      <div className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((slot) => {
          const line = lines[slot.index]
          return line ? (
            <div
              key={slot.key}
              ref={virtual.measureElement}
              data-index={slot.index}
              className="absolute inset-x-0 top-0 flex gap-3 px-3 py-px"
              style={{ transform: `translateY(${slot.start}px)` }}
            >
              <span className="shrink-0 text-ink-faint phone:hidden">{preciseTime(line.at)}</span>
              <span className={cn('w-11 shrink-0', TONE[line.level] ?? 'text-ink-soft')}>{line.level}</span>
              <span className={cn('min-w-0 whitespace-pre-wrap break-all', TONE[line.level] ?? '')}>{line.text}</span>
            </div>
          ) : null
        })}
      </div>
    </div>
  )
}

import { useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useId, useMemo, useRef, useState } from 'react'
import type { KeyboardEvent } from 'react'
import { useRowHeight } from '../../lib/row-height.ts'
import { ChangeLine } from './change-lines.tsx'
import type { Group } from './groups.ts'
import { listItems } from './groups.ts'
import { rangeOf, setTicked, ticksOf } from './selection.ts'
import type { Excluded } from './selection.ts'
import type { ChangeState } from './rows.ts'

export interface ChangeListProps {
  groups: readonly Group[]
  headers: boolean
  root: string
  mode: 'choose' | 'follow'
  excluded: Excluded
  onExcluded: (next: Excluded) => void
  /** What became of each change; absent ones keep their own state. */
  states: ReadonlyMap<string, ChangeState>
  openId: string | null
  onOpen: (id: string) => void
  /** While a run goes on: keep the newest tick in sight. */
  follow?: string | null
}

const STRIP = 72

/** The changes, grouped; virtual, and a grid that the keyboard can walk. */
export function ChangeList({ groups, headers, root, mode, excluded, onExcluded, states, openId, onOpen, follow = null }: ChangeListProps) {
  const scroll = useRef<HTMLDivElement>(null)
  const base = useId()
  const height = useRowHeight()
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const [activeKey, setActiveKey] = useState<string | null>(null)
  const anchor = useRef<string | null>(null)
  const items = useMemo(() => listItems(groups, closed, { strips: headers, headers }), [groups, closed, headers])
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroll.current,
    estimateSize: (index) => (items[index]?.type === 'strip' ? STRIP : height),
    overscan: 12,
    getItemKey: (index) => items[index]?.key ?? index,
  })
  useEffect(() => virtual.measure(), [height, items, virtual])
  const activeIndex = Math.max(
    0,
    items.findIndex((item) => item.key === activeKey),
  )

  const toggleGroup = useCallback(
    (key: string) => setClosed((now) => (now.has(key) ? new Set([...now].filter((each) => each !== key)) : new Set([...now, key]))),
    [],
  )
  const latest = useRef({ excluded, items })
  latest.current = { excluded, items }
  const tick = useCallback(
    (id: string, ticked: boolean, range: boolean) => {
      const order = latest.current.items.flatMap((item) => (item.type === 'row' ? [item.row.id] : []))
      onExcluded(setTicked(latest.current.excluded, range && anchor.current ? rangeOf(order, anchor.current, id) : [id], ticked))
      anchor.current = id
      setActiveKey(id)
    },
    [onExcluded],
  )
  const open = useCallback(
    (id: string) => {
      anchor.current = id
      setActiveKey(id)
      onOpen(id)
    },
    [onOpen],
  )

  const [held, setHeld] = useState(false)
  const followIndex = follow === null || held ? -1 : items.findIndex((item) => item.key === follow)
  useEffect(() => {
    if (followIndex >= 0) virtual.scrollToIndex(followIndex, { align: 'center' })
  }, [followIndex, virtual])

  const moveTo = (index: number): void => {
    let next = index
    while (items[next]?.type === 'strip') next += index >= activeIndex ? 1 : -1
    const item = items[Math.max(0, Math.min(items.length - 1, next))]
    if (!item) return
    setActiveKey(item.key)
    virtual.scrollToIndex(items.indexOf(item))
  }
  const onKey = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.metaKey || event.ctrlKey || event.altKey) return
    const item = items[activeIndex]
    const act = keyAct(event.key)
    if (act === null || !item) return
    event.preventDefault()
    event.stopPropagation()
    setHeld(true)
    if (act === 'down') moveTo(activeKey === null ? 0 : activeIndex + 1)
    if (act === 'up') moveTo(activeIndex - 1)
    if (act === 'page-down') moveTo(activeIndex + 15)
    if (act === 'page-up') moveTo(activeIndex - 15)
    if (act === 'start') moveTo(0)
    if (act === 'end') moveTo(items.length - 1)
    if (act === 'tick' && mode === 'choose') {
      if (item.type === 'row') tick(item.row.id, excluded.has(item.row.id), event.shiftKey)
      if (item.type === 'group')
        onExcluded(
          setTicked(
            excluded,
            item.group.rows.map((row) => row.id),
            ticksOf(item.group.rows, excluded) !== 'all',
          ),
        )
    }
    if (act === 'open' && item.type === 'row') open(item.row.id)
    if (act === 'open' && item.type === 'group') toggleGroup(item.group.key)
    if (item.type === 'group' && ((act === 'left' && item.open) || (act === 'right' && !item.open))) toggleGroup(item.group.key)
  }

  return (
    <div
      ref={scroll}
      role="treegrid"
      aria-label="Changes"
      aria-rowcount={items.length}
      aria-multiselectable={mode === 'choose'}
      tabIndex={0}
      onKeyDown={onKey}
      onWheel={() => setHeld(true)}
      onTouchMove={() => setHeld(true)}
      onFocus={() => activeKey === null && items[0] && setActiveKey(items[0].key)}
      {...(activeKey !== null && items[activeIndex]?.key === activeKey && { 'aria-activedescendant': `${base}-${activeIndex}` })}
      className="@container group/list h-full overflow-auto outline-none focus-visible:outline-2 focus-visible:-outline-offset-2"
    >
      <div role="rowgroup" className="relative w-full" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((slot) => {
          const item = items[slot.index]
          if (!item) return null
          return (
            <div
              key={slot.key}
              role="presentation"
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${slot.start}px)`, height: slot.size }}
            >
              <ChangeLine
                item={item}
                domId={`${base}-${slot.index}`}
                index={slot.index}
                active={item.key === activeKey}
                root={root}
                mode={mode}
                excluded={excluded}
                onExcluded={onExcluded}
                states={states}
                openId={openId}
                onTick={tick}
                onOpen={open}
                onToggle={toggleGroup}
              />
            </div>
          )
        })}
      </div>
    </div>
  )
}

const KEYS: Record<string, 'down' | 'up' | 'left' | 'right' | 'tick' | 'open' | 'start' | 'end' | 'page-down' | 'page-up'> = {
  ArrowDown: 'down',
  ArrowUp: 'up',
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ' ': 'tick',
  Enter: 'open',
  Home: 'start',
  End: 'end',
  PageDown: 'page-down',
  PageUp: 'page-up',
}
const keyAct = (key: string): (typeof KEYS)[string] | null => KEYS[key] ?? null

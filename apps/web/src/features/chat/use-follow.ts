import type { ThreadMessage } from '@life-os/contract'
import { useCallback, useEffect, useRef, useState } from 'react'

const NEAR = 80 // px

/** Keeps the end in sight while an answer grows, unless the person scrolled away; goes to a message that was asked for. */
export function useFollow(items: readonly ThreadMessage[], wanted: string | undefined) {
  const scroller = useRef<HTMLDivElement>(null)
  const [atEnd, setAtEnd] = useState(true)
  const following = useRef(true)
  const toEnd = useCallback(() => {
    following.current = true
    setAtEnd(true)
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight })
  }, [])
  const some = items.length > 0
  useEffect(() => {
    const area = scroller.current
    if (!area) return
    let before = area.scrollTop
    const onScroll = (): void => {
      const end = area.scrollHeight - area.scrollTop - area.clientHeight < NEAR
      // What grew since it was scrolled to the end does not mean that the person left it; going up does.
      if (end) following.current = true
      else if (area.scrollTop < before) following.current = false
      before = area.scrollTop
      setAtEnd(end || following.current)
    }
    area.addEventListener('scroll', onScroll, { passive: true })
    return () => area.removeEventListener('scroll', onScroll)
  }, [some])
  useEffect(() => {
    const area = scroller.current
    if (!area?.firstElementChild || wanted !== undefined) return
    const sized = new ResizeObserver(() => {
      if (following.current) area.scrollTo({ top: area.scrollHeight })
    })
    sized.observe(area.firstElementChild)
    return () => sized.disconnect()
  }, [some, wanted])
  const there = items.some((message) => message.id === wanted)
  useEffect(() => {
    if (wanted !== undefined && there) document.getElementById(`message-${wanted}`)?.scrollIntoView({ block: 'center' })
  }, [wanted, there])
  return { scroller, atEnd, toEnd }
}

import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useNavigate } from '@tanstack/react-router'
import { activeRuns, waitingApprovals } from '../lib/queries.ts'
import { useCrumbStore } from '../lib/crumbs.ts'
import { usePreferences } from '../lib/preferences.ts'

export interface Counts {
  waiting: number
  running: number
}

/** What asks for a person: counts for the bars, the number in the tab's title, and a notification when the tab is not in sight. */
export function useAttention(): Counts {
  const approvals = useQuery(waitingApprovals())
  const active = useQuery(activeRuns())
  const crumbs = useCrumbStore((state) => state.crumbs)
  const navigate = useNavigate()
  const seen = useRef<ReadonlySet<string> | null>(null)
  const notify = usePreferences((state) => state.notify)
  const waiting = approvals.data?.total ?? 0
  const page = crumbs.at(-1)?.label
  useEffect(() => {
    document.title = `${waiting > 0 ? `(${waiting}) ` : ''}${page ? `${page} · ` : ''}Life-OS`
  }, [waiting, page])
  useEffect(() => {
    if (!approvals.data) return
    const fresh = approvals.data.items.filter((approval) => seen.current !== null && !seen.current.has(approval.id))
    seen.current = new Set(approvals.data.items.map((approval) => approval.id))
    if (!notify || typeof Notification === 'undefined' || Notification.permission !== 'granted' || document.visibilityState === 'visible')
      return
    for (const approval of fresh.slice(0, 3)) {
      const notice = new Notification(approval.title, { body: approval.message, tag: approval.id, icon: '/favicon.svg' })
      notice.onclick = () => {
        window.focus()
        void navigate({ to: '/inbox', search: { approval: approval.id } })
      }
    }
  }, [approvals.data, navigate, notify])
  return { waiting, running: active.data?.items.filter((run) => run.state === 'running').length ?? 0 }
}

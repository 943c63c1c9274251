import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { api, client } from '../../lib/api.ts'
import { openStream } from '../../lib/stream.ts'
import { isActive, placeMessage } from './place-messages.ts'
import type { Messages } from './place-messages.ts'
import { messagesOf, threadOf } from './thread-queries.ts'
import type { ThreadMessage } from '@life-os/contract'

const PAUSE_MS = 110

/**
 * Keeps an answer that is being made as the server has it: whatever its run says, the message is asked for again, at most nine
 * times a second. What is shown is never put together here, so that a reload and a second window show the same.
 */
export function useLiveAnswer(message: ThreadMessage | undefined): void {
  const queries = useQueryClient()
  const active = message !== undefined && isActive(message)
  const { id, thread, run } = message ?? { id: '', thread: '', run: null }
  useEffect(() => {
    if (!active || run === null) return
    let wanted = true
    let busy = false
    let again = false
    const ask = async (): Promise<void> => {
      if (busy) {
        again = true
        return
      }
      busy = true
      const now = await client.threads.message({ id: thread, message: id }).catch(() => null)
      if (now && wanted) queries.setQueryData<Messages>(messagesOf(thread).queryKey, (before) => placeMessage(before, now))
      if (now && !isActive(now)) {
        for (const key of [threadOf(thread).queryKey, api.threads.list.key(), api.threads.messages.key()])
          void queries.invalidateQueries({ queryKey: key })
        return
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
      busy = false
      if (again && wanted) {
        again = false
        void ask()
      }
    }
    const heard = (): void => void ask()
    const stream = openStream({ run }, { journal: heard, progress: heard, state: (state) => state === 'open' && heard() })
    return () => {
      wanted = false
      stream[Symbol.dispose]()
    }
  }, [active, id, thread, run, queries])
}

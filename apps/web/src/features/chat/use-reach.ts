import { useEffect, useRef } from 'react'
import type { Messages } from './place-messages.ts'

/** Brings a message that was asked for onto the page: older pages first, and the branch it is on if it is on none of them. */
export function useReach(
  wanted: string | undefined,
  messages: Messages | undefined,
  { earlier, show }: { earlier: { isPending: boolean; isError: boolean; mutate: () => void }; show: (message: string) => void },
): void {
  const shown = useRef<string | undefined>(undefined)
  const missing = wanted !== undefined && messages !== undefined && !messages.items.some(({ id }) => id === wanted)
  const more = messages?.more ?? false
  const stuck = earlier.isPending || earlier.isError
  useEffect(() => {
    if (!missing || stuck) return
    if (more) earlier.mutate()
    else if (shown.current !== wanted) {
      shown.current = wanted // once: it may be gone
      show(wanted)
    }
  })
}

import { useParams } from '@tanstack/react-router'
import { useMedia, PHONE } from '../../lib/media.ts'
import { NewThread } from './new-thread.tsx'
import { ThreadList } from './thread-list.tsx'
import { ThreadView } from './thread-view.tsx'

/** Conversations at the left, the open one in a column that reads well; on a phone one of both. */
export function ChatPage() {
  const phone = useMedia(PHONE)
  const { thread } = useParams({ strict: false })
  return (
    <div className="flex h-full">
      {phone ? null : <ThreadList current={thread} />}
      <div className="min-w-0 flex-1">{thread === undefined ? <NewThread /> : <ThreadView key={thread} id={thread} />}</div>
    </div>
  )
}

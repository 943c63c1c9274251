import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { SquarePen } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { IconButton } from '../../components/button.tsx'
import { SearchInput } from '../../components/field.tsx'
import { Failure, SkeletonRows } from '../../components/states.tsx'
import { api, requestError } from '../../lib/api.ts'
import { cn } from '../../lib/cn.ts'
import { moment } from '../../lib/format.ts'

/** Every conversation, last used first; words in the box look into their messages. */
export function ThreadList({ current }: { current: string | undefined }) {
  const navigate = useNavigate()
  const [words, setWords] = useState('')
  const wanted = useDeferredValue(words.trim())
  const threads = useQuery(api.threads.list.queryOptions({ input: { limit: 100 } }))
  return (
    <nav
      aria-label="Conversations"
      className="flex h-full w-64 shrink-0 flex-col border-r border-line bg-canvas phone:w-full phone:border-r-0"
    >
      <div className="flex h-11 shrink-0 items-center gap-1 border-b border-line px-2">
        <SearchInput value={words} onChange={setWords} label="Search conversations" className="flex-1" />
        <IconButton icon={SquarePen} label="New conversation" keys="c" onClick={() => void navigate({ to: '/chat' })} />
      </div>
      <div className="min-h-0 flex-1 overflow-auto py-1">
        {wanted.length > 1 ? (
          <Hits words={wanted} />
        ) : threads.isPending ? (
          <SkeletonRows rows={6} label="Loading conversations" />
        ) : threads.error ? (
          <Failure error={requestError(threads.error)} onRetry={() => void threads.refetch()} quiet />
        ) : threads.data.items.length === 0 ? (
          <p className="px-4 py-6 text-center text-ink-faint">What you talk about is kept here.</p>
        ) : (
          threads.data.items.map((thread) => (
            <Link
              key={thread.id}
              to="/chat/$thread"
              params={{ thread: thread.id }}
              className={cn(
                'mx-1.5 flex min-h-8 items-center gap-2 rounded-control px-2 py-1 phone:min-h-11',
                thread.id === current ? 'bg-pressed' : 'hover:bg-hover',
              )}
              aria-current={thread.id === current ? 'page' : undefined}
            >
              <span className="min-w-0 flex-1 truncate">{thread.title || 'New conversation'}</span>
              {thread.active ? (
                <span
                  className={cn('size-1.5 shrink-0 rounded-full', thread.active.state === 'waiting' ? 'bg-change' : 'bg-accent-text')}
                  title={thread.active.state === 'waiting' ? 'Waits for you' : 'Answering'}
                />
              ) : (
                <span className="shrink-0 text-12 text-ink-faint">{moment(thread.updatedAt)}</span>
              )}
            </Link>
          ))
        )}
      </div>
    </nav>
  )
}

function Hits({ words }: { words: string }) {
  const hits = useQuery({ ...api.threads.search.queryOptions({ input: { q: words, limit: 50 } }), placeholderData: (before) => before })
  if (hits.isPending) return <SkeletonRows rows={4} label="Searching" />
  if (hits.error) return <Failure error={requestError(hits.error)} quiet />
  if (hits.data.items.length === 0) return <p className="px-4 py-6 text-center text-ink-faint">No message has these words.</p>
  return hits.data.items.map((hit) => (
    <Link
      key={hit.message}
      to="/chat/$thread"
      params={{ thread: hit.thread }}
      search={{ message: hit.message }}
      className="mx-1.5 flex flex-col gap-0.5 rounded-control px-2 py-1.5 hover:bg-hover"
    >
      <span className="flex gap-2">
        <span className="min-w-0 flex-1 truncate font-medium">{hit.title || 'New conversation'}</span>
        <span className="shrink-0 text-12 text-ink-faint">{moment(hit.at)}</span>
      </span>
      <span className="line-clamp-2 text-12 text-ink-faint">
        {hit.excerpt.split(/(«[^»]*»)/).map((piece, index) =>
          piece.startsWith('«') ? (
            <mark key={index} className="bg-change-soft text-change">
              {piece.slice(1, -1)}
            </mark>
          ) : (
            piece
          ),
        )}
      </span>
    </Link>
  ))
}

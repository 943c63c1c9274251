import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { ArrowDown } from 'lucide-react'
import { useMemo } from 'react'
import { Button } from '../../components/button.tsx'
import { Failure, SkeletonBlock } from '../../components/states.tsx'
import { useActions } from '../../lib/actions.tsx'
import { api, client, requestError } from '../../lib/api.ts'
import { cn } from '../../lib/cn.ts'
import { useCrumbs } from '../../lib/crumbs.ts'
import { useChoices } from './choices.ts'
import { CompactionLine } from './compaction-line.tsx'
import { Composer } from './composer.tsx'
import { Message } from './message.tsx'
import type { MessageDeeds } from './message.tsx'
import { ThreadHead } from './thread-head.tsx'
import { isActive } from './place-messages.ts'
import { messagesOf, threadOf, useChangeThread, useEarlier, useSend } from './thread-queries.ts'
import { useCommands } from './use-commands.ts'
import { useReach } from './use-reach.ts'
import { useFollow } from './use-follow.ts'
import { useLiveAnswer } from './use-live-answer.ts'

/** One conversation: its messages in a column, the box below, what is being said arriving as it is said. */
export function ThreadView({ id }: { id: string }) {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const { message: wanted } = useSearch({ strict: false })
  const thread = useQuery(threadOf(id))
  const messages = useQuery(messagesOf(id))
  const choices = useChoices()
  useCrumbs({ label: 'Chat', to: '/chat' }, { label: thread.data?.title || 'New conversation' })
  const items = messages.data?.items ?? []
  const last = items.at(-1)
  const active = items.findLast(isActive)
  useLiveAnswer(active)
  const { scroller, atEnd, toEnd } = useFollow(items, wanted)
  const send = useSend(client.threads.send, toEnd)
  const edit = useSend(client.threads.edit)
  const retry = useSend(client.threads.retry)
  const proceed = useSend(client.threads.proceed)
  const change = useChangeThread(id)
  const stop = useMutation({
    mutationFn: () => client.threads.stop({ id }),
    onSettled: () => queries.invalidateQueries({ queryKey: api.threads.key() }),
  })
  const earlier = useEarlier(id)
  useReach(wanted, messages.data, { earlier, show: (head) => change.mutate({ id, head }) })
  const busy = send.isPending || edit.isPending || retry.isPending || proceed.isPending || active !== undefined
  const { mutate: editMessage } = edit
  const { mutate: retryMessage } = retry
  const { mutate: changeThread } = change
  const deeds = useMemo<MessageDeeds>(
    () => ({
      edit: (message, text) => editMessage({ id, message: message.id, text }),
      retry: (message, model) => retryMessage({ id, message: message.id, ...(model !== undefined && { model }) }),
      show: (head) => changeThread({ id, head }),
      open: (run) => void navigate({ to: '/runs/$run', params: { run } }),
    }),
    [id, editMessage, retryMessage, changeThread, navigate],
  )
  const command = useCommands({ id, last, choices, send: send.mutate, change: change.mutate, retry: deeds.retry })
  useActions([
    {
      id: 'chat.stop',
      name: 'Stop the answer',
      group: 'This page',
      shortcut: 'escape',
      when: active !== undefined,
      perform: () => stop.mutate(),
    },
    { id: 'chat.new', name: 'New conversation', group: 'This page', shortcut: 'c', perform: () => void navigate({ to: '/chat' }) },
  ])
  if (thread.error || messages.error)
    return (
      <Failure
        error={requestError(thread.error ?? messages.error)}
        onRetry={() => void Promise.all([thread.refetch(), messages.refetch()])}
      />
    )
  if (!thread.data || !messages.data) return <Skeleton />
  const failure = send.error ?? edit.error ?? retry.error ?? proceed.error ?? change.error
  const ended = last?.role === 'assistant' && (last.state === 'stopped' || last.state === 'failed' || last.state === 'cancelled')
  return (
    <div className="flex h-full flex-col">
      <ThreadHead thread={thread.data} />
      <div ref={scroller} className="relative min-h-0 flex-1 overflow-auto">
        <div className="mx-auto flex max-w-[752px] flex-col gap-5 px-4 pb-8 pt-5">
          {messages.data.more ? (
            <Button tone="quiet" busy={earlier.isPending} onClick={() => earlier.mutate()} className="self-center">
              Earlier messages
            </Button>
          ) : null}
          <CompactionLine thread={id} items={items} />
          {items.map((message) => (
            <div
              key={message.id}
              id={`message-${message.id}`}
              className={cn('-mx-1 px-1', isActive(message) || 'message', message.role === 'person' && '-mb-4 touch:mb-0')}
            >
              <Message message={message} busy={busy} deeds={deeds} models={choices.models} />
            </div>
          ))}
          {ended ? (
            <div className="flex gap-2">
              <Button busy={proceed.isPending} disabled={busy} onClick={() => proceed.mutate({ id })}>
                Go on
              </Button>
              <Button tone="quiet" disabled={busy} onClick={() => deeds.retry(last)}>
                Answer again
              </Button>
            </div>
          ) : null}
        </div>
      </div>
      <div className="relative mx-auto w-full max-w-[752px] shrink-0 px-4 pb-4 phone:pb-2">
        {atEnd ? null : (
          <button
            type="button"
            aria-label="To the newest message"
            onClick={toEnd}
            className="absolute -top-11 left-1/2 flex size-8 -translate-x-1/2 items-center justify-center rounded-full border border-line bg-raised shadow-float hover:bg-hover"
          >
            <ArrowDown aria-hidden size={16} strokeWidth={1.75} />
          </button>
        )}
        {failure ? (
          <p role="alert" className="mb-2 rounded-control bg-remove-soft px-3 py-2 text-remove">
            {failure.message}
          </p>
        ) : null}
        <Composer
          draftKey={id}
          thread={thread.data}
          agents={choices.agents}
          models={choices.models}
          lists={choices.lists}
          going={active !== undefined}
          busy={busy}
          onSend={(text, attachments) => send.mutate({ id, text, attachments })}
          onStop={() => stop.mutate()}
          onCommand={command}
          onChange={(patch) => change.mutate({ id, ...patch })}
        />
      </div>
    </div>
  )
}

function Skeleton() {
  return (
    <div role="status" aria-label="Loading the conversation" className="mx-auto flex max-w-[752px] flex-col gap-6 px-4 pt-8">
      <SkeletonBlock className="h-10 w-64 self-end" />
      <SkeletonBlock className="h-28" />
      <SkeletonBlock className="h-10 w-48 self-end" />
      <SkeletonBlock className="h-40" />
    </div>
  )
}

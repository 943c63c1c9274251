import type { Thread } from '@life-os/contract'
import type { QueryClient } from '@tanstack/react-query'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, client, requestError } from '../../lib/api.ts'
import type { RequestError } from '../../lib/api.ts'
import { placeSent } from './place-messages.ts'
import type { Messages, Sent } from './place-messages.ts'

const PAGE = 50
export const threadOf = (id: string) => api.threads.get.queryOptions({ input: { id } })
export const messagesOf = (id: string) => api.threads.messages.queryOptions({ input: { id, limit: PAGE } })

function take(queries: QueryClient, sent: Sent): void {
  queries.setQueryData<Messages>(messagesOf(sent.thread.id).queryKey, (before) => placeSent(before, sent))
  queries.setQueryData(threadOf(sent.thread.id).queryKey, sent.thread)
  void queries.invalidateQueries({ queryKey: api.threads.list.key() })
}

/** Anything that makes a new answer: send, edit, retry, go on. */
export function useSend<Input>(make: (input: Input) => Promise<Sent>, onSent?: (sent: Sent) => void) {
  const queries = useQueryClient()
  return useMutation<Sent, RequestError, Input>({
    mutationFn: async (input) => {
      try {
        return await make(input)
      } catch (thrown) {
        throw requestError(thrown)
      }
    },
    onSuccess: (sent) => {
      take(queries, sent)
      onSent?.(sent)
    },
  })
}

/** Changes a thread and shows it at once. */
export function useChangeThread(id: string) {
  const queries = useQueryClient()
  return useMutation<Thread, RequestError, Parameters<typeof client.threads.change>[0]>({
    mutationFn: async (patch) => {
      try {
        return await client.threads.change(patch)
      } catch (thrown) {
        throw requestError(thrown)
      }
    },
    onSuccess: (thread, patch) => {
      queries.setQueryData(threadOf(id).queryKey, thread)
      void queries.invalidateQueries({ queryKey: api.threads.list.key() })
      if (patch.head !== undefined) void queries.invalidateQueries({ queryKey: api.threads.messages.key() })
    },
  })
}

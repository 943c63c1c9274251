import type { Thread } from '@life-os/contract'
import type { QueryClient } from '@tanstack/react-query'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, client, requestError } from '../../lib/api.ts'
import type { RequestError } from '../../lib/api.ts'
import { placeEarlier, placeSent } from './place-messages.ts'
import type { Messages, Sent } from './place-messages.ts'

const PAGE = 50
export const threadOf = (id: string) => api.threads.get.queryOptions({ input: { id } })
const LARGEST_PAGE = 200

/** The newest messages of the shown branch. Asked for again, it goes back as far as what is on the page already. */
export function messagesOf(id: string) {
  const { queryKey } = api.threads.messages.queryOptions({ input: { id, limit: PAGE } })
  return queryOptions<Messages, RequestError>({
    queryKey,
    queryFn: async ({ client: queries, signal }) => {
      const wanted = Math.max(PAGE, queries.getQueryData<Messages>(queryKey)?.items.length ?? 0)
      let found: Messages = { items: [], more: true }
      while (found.more && found.items.length < wanted) {
        const limit = Math.min(LARGEST_PAGE, wanted - found.items.length)
        found = placeEarlier(found, await earlierMessages(id, found.items[0]?.id, limit, signal))
      }
      return found
    },
  })
}

async function earlierMessages(id: string, before: string | undefined, limit: number, signal?: AbortSignal): Promise<Messages> {
  return client.threads.messages({ id, limit, ...(before !== undefined && { before }) }, { ...(signal && { signal }) })
}

/** Puts the page before what is shown in front of it. */
export function useEarlier(id: string) {
  const queries = useQueryClient()
  const { queryKey } = messagesOf(id)
  return useMutation({
    mutationFn: () => earlierMessages(id, queries.getQueryData<Messages>(queryKey)?.items[0]?.id, PAGE),
    onSuccess: (older) => queries.setQueryData<Messages>(queryKey, (now) => now && placeEarlier(now, older)),
  })
}

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

import { hashKey, MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { api, requestError } from '../lib/api.ts'
import { reportFailure } from '../lib/report.ts'

/** One cache for everything the server said. Live events mark it stale; until they do it is fresh. */
export function createQueries(): QueryClient {
  const whoHash = hashKey(api.people.me.queryKey())
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (thrown, query) => {
        if (requestError(thrown).status === 401 && query.queryHash !== whoHash)
          void client.invalidateQueries({ queryKey: api.people.me.key() })
      },
    }),
    mutationCache: new MutationCache({
      onError: (thrown, _variables, _result, mutation) => {
        if (mutation.meta?.['quiet'] !== true) reportFailure(thrown)
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        gcTime: 30 * 60_000,
        refetchOnWindowFocus: true,
        networkMode: 'always',
        retry: (tries, thrown) => requestError(thrown).status === 0 && tries < 2,
        retryDelay: (tries) => 400 * 2 ** tries,
      },
      mutations: { networkMode: 'always' },
    },
  })
  return client
}

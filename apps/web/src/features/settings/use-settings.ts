import type { Settings } from '@life-os/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, client } from '../../lib/api.ts'

/** The server's settings, and a change that shows at once. */
export function useSettings() {
  const queries = useQueryClient()
  const query = useQuery(api.settings.get.queryOptions())
  const change = useMutation({
    mutationFn: (values: Partial<Settings>) => client.settings.set(values),
    onMutate: (values) => queries.setQueryData(api.settings.get.queryKey(), (now: Settings | undefined) => now && { ...now, ...values }),
    onSettled: () => queries.invalidateQueries({ queryKey: api.settings.key() }),
  })
  return { query, set: (values: Partial<Settings>) => change.mutate(values) }
}

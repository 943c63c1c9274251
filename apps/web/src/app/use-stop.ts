import { useMutation, useQuery } from '@tanstack/react-query'
import { toast } from 'sonner'
import { api, client } from '../lib/api.ts'
import { count } from '../lib/format.ts'
import { useRefreshRuns } from '../lib/queries.ts'

/** The emergency stop: at once and without a question, since lifting it again costs nothing. */
export function useStop(): { stopped: boolean; stop: () => void; lift: () => void; busy: boolean } {
  const health = useQuery(api.system.health.queryOptions())
  const refresh = useRefreshRuns()
  const stop = useMutation({
    mutationFn: () => client.runs.stopAll(),
    onSuccess: ({ stopped }) => toast.error(`Emergency stop. ${count(stopped, 'run')} stopped; no new effect until you lift it.`),
    onSettled: refresh,
  })
  const lift = useMutation({
    mutationFn: () => client.runs.liftStop(),
    onSuccess: () => toast.success('The stop is lifted. Stopped runs wait for you to resume them.'),
    onSettled: refresh,
  })
  return {
    stopped: health.data?.emergencyStop ?? false,
    stop: () => stop.mutate(),
    lift: () => lift.mutate(),
    busy: stop.isPending || lift.isPending,
  }
}

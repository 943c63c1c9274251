import type { Mode, Settings } from '@life-os/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, client } from '../lib/api.ts'

export const MODES: readonly { value: Mode; label: string; hint: string }[] = [
  { value: 'observe', label: 'observe', hint: 'Only look. Nothing is changed.' },
  { value: 'draft', label: 'draft', hint: 'Show every change, then ask.' },
  { value: 'autopilot', label: 'autopilot', hint: 'Act by itself within grants and budget.' },
]

/** The mode that new runs start in, and how to change it. */
export function useMode(): { mode: Mode; setMode: (mode: Mode) => void } {
  const queries = useQueryClient()
  const settings = useQuery(api.settings.get.queryOptions())
  const change = useMutation({
    mutationFn: (mode: Mode) => client.settings.set({ mode }),
    onMutate: (mode) => queries.setQueryData(api.settings.get.queryKey(), (now: Settings | undefined) => now && { ...now, mode }),
    onSettled: () => queries.invalidateQueries({ queryKey: api.settings.key() }),
  })
  return { mode: settings.data?.mode ?? 'draft', setMode: (mode) => change.mutate(mode) }
}

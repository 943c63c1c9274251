import type { Model } from '@life-os/contract'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { AUTOMATIC, listsOf } from '../../components/models/model-words.ts'
import { api } from '../../lib/api.ts'

/** Agents and models that a conversation can choose from. */
export function useChoices(): {
  agents: { value: string; label: string; hint?: string }[]
  models: readonly Model[]
  /** What may stand for a model: automatic, and the lists that have a name. */
  lists: { value: string; label: string; hint?: string }[]
  /** Nobody can answer but rules; null while it is not known. */
  modelless: boolean | null
} {
  const agents = useQuery({ ...api.agents.list.queryOptions(), staleTime: 30_000 })
  const models = useQuery({ ...api.models.list.queryOptions({ input: {} }), staleTime: 30_000 })
  const settings = useQuery({ ...api.models.settings.queryOptions(), staleTime: 30_000 })
  const texts = useMemo(() => (models.data ?? []).filter((model) => model.capabilities.includes('text')), [models.data])
  return {
    agents: (agents.data ?? [])
      .filter((each) => each.enabled)
      .map(({ agent }) => ({ value: agent.id, label: agent.name, ...(agent.description && { hint: agent.description }) })),
    models: texts,
    lists: [AUTOMATIC, ...listsOf(settings.data?.aliases ?? {})],
    modelless: models.data === undefined ? null : texts.length === 0,
  }
}

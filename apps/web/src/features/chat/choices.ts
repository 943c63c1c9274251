import { useQuery } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'

/** Agents and models that a conversation can choose from. */
export function useChoices(): {
  agents: { value: string; label: string; hint?: string }[]
  models: { value: string; label: string; hint?: string }[]
  /** Nobody can answer but rules; null while it is not known. */
  modelless: boolean | null
} {
  const agents = useQuery({ ...api.agents.list.queryOptions(), staleTime: 30_000 })
  const models = useQuery({ ...api.models.list.queryOptions({ input: {} }), staleTime: 30_000 })
  const texts = (models.data ?? []).filter((model) => model.capabilities.includes('text'))
  return {
    agents: (agents.data ?? [])
      .filter((each) => each.enabled)
      .map(({ agent }) => ({ value: agent.id, label: agent.name, ...(agent.description && { hint: agent.description }) })),
    models: texts.map((model) => ({
      value: model.ref,
      label: model.title,
      hint: model.local ? `${model.provider}, on this machine` : model.provider,
    })),
    modelless: models.data === undefined ? null : texts.length === 0,
  }
}

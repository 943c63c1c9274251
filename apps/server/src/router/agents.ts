import { agentInvalid } from '@life-os/kernel/agents'
import type { Kernel } from '../kernel.ts'
import { guarded } from './context.ts'

/** Agents as data, and the sentences learned from what people decided. */
export function agentsRouter({ agents, preferences }: Kernel) {
  const area = guarded.agents
  const ok = { ok: true as const }
  return {
    list: area.list.handler(() => agents.list()),
    get: area.get.handler(({ input }) => agents.get(input.id)),
    save: area.save.handler(({ input, context }) => {
      if (input.agent.id !== input.id)
        throw agentInvalid([{ path: 'id', message: `The address says ${input.id}, the agent ${input.agent.id}: give both the same id.` }])
      return agents.save(input.agent, context.identity.actor.id)
    }),
    remove: area.remove.handler(async ({ input, context }) => {
      await agents.remove(input.id, context.identity.actor.id)
      return ok
    }),
    enable: area.enable.handler(({ input, context }) => agents.enable(input.id, input.enabled, context.identity.actor.id)),
    versions: area.versions.handler(({ input }) => agents.versions(input.id)),
    rollback: area.rollback.handler(({ input, context }) => agents.rollback(input.id, input.version, context.identity.actor.id)),
    statistics: area.statistics.handler(({ input }) => agents.statistics(input.id)),
    preferences: area.preferences.handler(({ input }) => preferences.list(input.agent)),
    setPreference: area.setPreference.handler(({ input: { id, ...patch }, context }) =>
      preferences.set(id, patch, context.identity.actor.id),
    ),
    addPreference: area.addPreference.handler(({ input, context }) =>
      preferences.add(input.sentence, input.agent, context.identity.actor.id),
    ),
    removePreference: area.removePreference.handler(async ({ input, context }) => {
      await preferences.remove(input.id, context.identity.actor.id)
      return ok
    }),
  }
}

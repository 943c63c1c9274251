import type { Kernel } from '../kernel.ts'
import { guarded } from './context.ts'

/** Servers of the Model Context Protocol that this Life-OS is a client of. */
export function mcpRouter({ mcp }: Kernel) {
  const area = guarded.mcp
  return {
    list: area.list.handler(() => mcp.list()),
    get: area.get.handler(({ input }) => mcp.get(input.id)),
    set: area.set.handler(({ input, context }) => mcp.set(input, context.identity.actor.id)),
    accept: area.accept.handler(({ input, context }) => mcp.accept(input.id, input.digest, context.identity.actor.id)),
    remove: area.remove.handler(async ({ input, context }) => {
      await mcp.remove(input.id, context.identity.actor.id)
      return { ok: true as const }
    }),
    reconnect: area.reconnect.handler(({ input, context }) => mcp.reconnect(input.id, context.identity.actor.id)),
  }
}

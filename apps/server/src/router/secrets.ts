import type { Kernel } from '../kernel.ts'
import { guarded } from './context.ts'

/** Values go in and never come out. */
export function secretsRouter({ secrets }: Kernel) {
  const area = guarded.secrets
  return {
    list: area.list.handler(() => secrets.list()),
    set: area.set.handler(({ input, context }) => secrets.set(input, context.identity.actor.id)),
    remove: area.remove.handler(async ({ input, context }) => {
      await secrets.remove(input.name, context.identity.actor.id)
      return { ok: true as const }
    }),
    rotateKey: area.rotateKey.handler(async ({ context }) => ({ secrets: await secrets.rotateKey(context.identity.actor.id) })),
  }
}

import type { Kernel } from '../kernel.ts'
import { guarded } from './context.ts'

/** Labels of folders and files; each change is a person's own and stands in the audit record. */
export function labelsRouter({ labels }: Kernel) {
  const area = guarded.labels
  return {
    list: area.list.handler(({ input }) => labels.list(input)),
    setFolder: area.setFolder.handler(async ({ input, context }) => {
      await labels.setFolder(input.path, input.labels, context.identity.actor.id)
      return { ok: true as const }
    }),
    lowerFile: area.lowerFile.handler(async ({ input, context }) => {
      await labels.setFile(input.path, input.labels, context.identity.actor.id)
      return { ok: true as const }
    }),
  }
}

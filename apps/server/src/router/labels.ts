import type { Kernel } from '../kernel.ts'
import { authorise, guarded } from './context.ts'

/** Labels of folders and files; each change is a person's own, never a token's, and stands in the audit record. */
export function labelsRouter({ labels }: Kernel) {
  const area = guarded.labels
  return {
    list: area.list.handler(({ input }) => labels.list(input)),
    setFolder: area.setFolder.handler(async ({ input, context }) => {
      authorise(context.identity, 'person')
      await labels.setFolder(input.path, input.labels, context.identity.actor.id)
      return { ok: true as const }
    }),
    lowerFile: area.lowerFile.handler(async ({ input, context }) => {
      authorise(context.identity, 'person')
      await labels.setFile(input.path, input.labels, context.identity.actor.id)
      return { ok: true as const }
    }),
  }
}

import type { Kernel } from '../kernel.ts'
import { listFolder } from '../system/folders.ts'
import type { SeenFolders } from '../system/seen.ts'
import { healthOf } from '../system/health.ts'
import { makeSample } from '../system/sample.ts'
import { guarded } from './context.ts'
import { checkReader } from './readers.ts'

export const toolsRouter = ({ plugins }: Kernel) => ({ list: guarded.tools.list.handler(() => plugins.tools()) })

export function settingsRouter({ settings, store }: Kernel) {
  const area = guarded.settings
  return {
    get: area.get.handler(() => settings.get()),
    set: area.set.handler(async ({ input, context }) => {
      const after = await settings.set(input)
      await store.audit.append({
        kind: 'setting',
        actor: context.identity.actor.id,
        run: null,
        step: null,
        tool: null,
        verdict: null,
        rule: 'setting-changed',
        data: input,
      })
      return after
    }),
  }
}

export function systemRouter(kernel: Kernel, seen: SeenFolders) {
  const { runs, readers, store } = kernel
  const area = guarded.system
  return {
    health: area.health.handler(() => healthOf(kernel)),
    folders: area.folders.handler(async ({ input, context }) => {
      const listed = await listFolder(input.path, input.files)
      seen.add(context.identity.person.id, listed.path)
      return listed
    }),
    sample: area.sample.handler(() => makeSample()),
    trash: area.trash.handler(({ input, context }) => runs.trash({ ...input, reader: context.identity.person.id })),
    emptyTrash: area.emptyTrash.handler(({ context }) => runs.emptyTrash(context.identity.actor)),
    restoreTrash: area.restoreTrash.handler(async ({ input, context }) => {
      const of = await store.db.selectFrom('effects').select('run').distinct().where('id', 'in', input.effects).execute()
      for (const { run } of of) await checkReader(readers, run, context.identity)
      return runs.restoreTrash(input.effects, context.identity.actor)
    }),
  }
}

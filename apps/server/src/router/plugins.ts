import { LifeOsError } from '@life-os/contract'
import type { InstallSource } from '@life-os/kernel/plugins'
import type { Kernel } from '../kernel.ts'
import { guarded } from './context.ts'

export function pluginsRouter({ plugins, store }: Kernel) {
  const area = guarded.plugins
  const ok = { ok: true as const }
  const one = (id: string) => {
    const found = plugins.get(id)
    if (!found) throw new LifeOsError('plugin-unknown', `There is no plugin “${id}”.`)
    return found
  }
  /** What a person did to a plugin's process or state; the module records what it installs itself. */
  const audited = async (rule: string, plugin: string, actor: string) => {
    await store.audit.append({ kind: 'plugin', actor, run: null, step: null, tool: null, verdict: null, rule, data: { plugin } })
    return one(plugin)
  }
  return {
    list: area.list.handler(() => plugins.list()),
    get: area.get.handler(({ input }) => one(input.id)),
    enable: area.enable.handler(async ({ input, context }) => {
      await plugins.enable(input.id)
      return audited('plugin-enabled', input.id, context.identity.actor.id)
    }),
    disable: area.disable.handler(async ({ input, context }) => {
      await plugins.disable(input.id)
      return audited('plugin-disabled', input.id, context.identity.actor.id)
    }),
    install: area.install.handler(async ({ input, context }) => plugins.install(await sourceOf(input, store), context.identity.actor.id)),
    accept: area.accept.handler(({ input, context }) => plugins.accept(input.id, input.digest, context.identity.actor.id)),
    reject: area.reject.handler(async ({ input, context }) => {
      await plugins.reject(input.id, context.identity.actor.id)
      return ok
    }),
    update: area.update.handler(({ input, context }) => plugins.update(input.id, context.identity.actor.id)),
    rollback: area.rollback.handler(({ input, context }) => plugins.rollback(input.id, context.identity.actor.id)),
    remove: area.remove.handler(async ({ input, context }) => {
      await plugins.remove(input.id, context.identity.actor.id, input.data)
      return ok
    }),
    restart: area.restart.handler(async ({ input, context }) => {
      await plugins.restart(input.id)
      return audited('plugin-restarted', input.id, context.identity.actor.id)
    }),
    settings: area.settings.handler(({ input }) => plugins.settings(input.id)),
    setSettings: area.setSettings.handler(async ({ input, context }) => ({
      values: await plugins.setSettings(input.id, input.values, context.identity.actor.id),
    })),
    log: area.log.handler(({ input }) => {
      one(input.id)
      return { lines: plugins.log(input.id, input.limit) }
    }),
  }
}

type Asked = { folder: string; watch: boolean } | { git: string; ref?: string | undefined } | { blob: string; name: string }

async function sourceOf(asked: Asked, store: Kernel['store']): Promise<InstallSource> {
  if ('folder' in asked) return { kind: 'folder', path: asked.folder, watch: asked.watch }
  if ('git' in asked) return { kind: 'git', url: asked.git, ref: asked.ref }
  if (!/^[0-9a-f]{64}$/.test(asked.blob)) throw new LifeOsError('blob-missing', 'A blob is named by its SHA-256 in lower-case hex.')
  return { kind: 'archive', file: await store.blobs.path(asked.blob), name: asked.name }
}

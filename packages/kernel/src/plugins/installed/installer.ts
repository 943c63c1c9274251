import { LifeOsError } from '@life-os/contract'
import type { PluginSource } from '@life-os/contract'
import type { InstallSource } from '../types.ts'
import { createAcceptance } from './acceptance.ts'
import type { AcceptanceDeps } from './acceptance.ts'
import { createArrival } from './arrival.ts'
import type { ArrivalDeps } from './arrival.ts'
import { createShelf } from './shelf.ts'
import type { ShelfDeps } from './shelf.ts'

export type InstallerDeps = ShelfDeps & ArrivalDeps & AcceptanceDeps

/** Installed plugins: what is on disk and in the record, and how one becomes another. One change at a time. */
export interface Installer {
  /** Loads what was accepted, shows what waits, and removes what an interrupted install left. */
  open(): Promise<void>
  /** Errors: `plugin-invalid`, `plugin-source-missing`, `plugin-source-invalid`, `plugin-fetch-failed`, `plugin-bundled`. Answers its id. */
  install(source: InstallSource, by: string): Promise<string>
  /** Errors: `plugin-not-waiting`, `plugin-pending-changed`, `plugin-invalid`. */
  accept(id: string, digest: string, by: string): Promise<void>
  reject(id: string, by: string): Promise<void>
  update(id: string, by: string): Promise<void>
  /** Errors: `plugin-no-version-before`, `plugin-invalid`. */
  rollback(id: string, by: string): Promise<void>
  remove(id: string, by: string, data: boolean): Promise<void>
  /** Builds a watched folder again; what asks for nothing more takes over at once. */
  reload(id: string): Promise<void>
  sourceOf(id: string): PluginSource | undefined
}

export function createInstaller(deps: InstallerDeps): Installer {
  const { home, installs, registry, states } = deps
  const shelf = createShelf(deps)
  const arrival = createArrival(deps, shelf)
  const acceptance = createAcceptance(deps, shelf)
  let last: Promise<unknown> = Promise.resolve()

  const serially = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work, work)
    last = mine.catch(() => undefined)
    return mine
  }

  async function reload(id: string): Promise<void> {
    const source = shelf.one(id, 'accepted')?.source
    if (source?.kind !== 'folder' || !source.watch) return
    const entry = registry.need(id)
    try {
      const built = await arrival.install({ kind: 'folder', path: source.path, watch: true }, 'watch')
      if (built !== id) throw new LifeOsError('plugin-invalid', `manifest.json now says id "${built}": install it as a plugin of its own.`)
      const { pending } = entry
      if (!pending) entry.fault = null
      else if (pending.permissions.added.length === 0) await acceptance.accept(id, pending.digest, 'watch')
      else entry.fault = 'The newest files ask for more than was accepted; they wait until you accept them.'
    } catch (error) {
      entry.fault = `The newest files are not in use: ${error instanceof Error ? error.message : String(error)}`
    }
    if (entry.fault !== null) entry.health.note(entry.fault, 'error')
    registry.changed(id)
  }

  async function remove(id: string, by: string, data: boolean): Promise<void> {
    registry.need(id)
    shelf.assertOwn(id)
    await states.set(id, null)
    await installs.remove(id, data)
    await registry.drop(id)
    await shelf.read()
    await shelf.tidy()
    await shelf.note('plugin-removed', by, { plugin: id, data })
  }

  return {
    async open() {
      const all = await shelf.read()
      await home.tidy(all)
      for (const row of all) {
        const had = registry.entry(row.id)?.current
        if (row.state === 'accepted' && had?.source.kind !== 'bundled') registry.add(await shelf.load(row), row.source)
      }
      for (const id of shelf.ids()) if (registry.entry(id)?.current?.source.kind !== 'bundled') shelf.show(id)
    },
    install: (source, by) => serially(() => arrival.install(source, by)),
    accept: (id, digest, by) => serially(() => acceptance.accept(id, digest, by)),
    rollback: (id, by) => serially(() => acceptance.rollback(id, by)),
    reload: (id) => serially(() => reload(id)),
    reject: (id, by) => serially(() => acceptance.reject(id, by)),
    update: (id, by) => serially(() => arrival.update(id, by)),
    remove: (id, by, data) => serially(() => remove(id, by, data)),
    sourceOf: (id) => (shelf.one(id, 'accepted') ?? shelf.one(id, 'waiting'))?.source,
  }
}

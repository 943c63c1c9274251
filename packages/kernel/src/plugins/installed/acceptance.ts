import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { LifeOsError } from '@life-os/contract'
import { SDK_VERSION } from '@life-os/plugin-sdk'
import { agreementFaults } from '@life-os/plugin-sdk/tool'
import { describePlugin } from '../../plugin-build/index.ts'
import type { SpawnPlugin } from '../../sandbox/index.ts'
import { digestOf } from '../digest.ts'
import type { Registry } from '../registry.ts'
import type { PluginStates } from '../states.ts'
import type { PluginHome } from './home.ts'
import type { Install, Installs } from './rows.ts'
import type { Shelf } from './shelf.ts'

export interface AcceptanceDeps {
  home: PluginHome
  installs: Installs
  registry: Registry
  states: PluginStates
  spawn: SpawnPlugin
  now(): number
}

/** What a person decides about a version: it takes over, it goes, or the one before it comes back. */
export interface Acceptance {
  /** Errors: `plugin-not-waiting`, `plugin-pending-changed`, `plugin-invalid`. */
  accept(id: string, digest: string, by: string): Promise<void>
  /** Error: `plugin-not-waiting`. */
  reject(id: string, by: string): Promise<void>
  /**
   * The version before takes over as an accepted one does: its process starts first, and no call is lost.
   * Errors: `plugin-no-version-before`, `plugin-invalid`.
   */
  rollback(id: string, by: string): Promise<void>
}

export function createAcceptance(deps: AcceptanceDeps, shelf: Shelf): Acceptance {
  const { home, installs, registry, states, now } = deps

  /** The one that waits, if it is the one that was shown and nothing is against it. */
  function needWaiting(id: string, digest: string): Install {
    const waiting = shelf.one(id, 'waiting')
    const pending = registry.need(id).pending
    if (!waiting || !pending) throw notWaiting(id)
    if (waiting.digest !== digest)
      throw new LifeOsError('plugin-pending-changed', `What waits is no longer what was shown. Look at ${id} again, then accept it.`)
    const { faults } = pending
    if (faults.length > 0) throw new LifeOsError('plugin-invalid', `${id} cannot be accepted: ${faults.join(' ')}`, { details: { faults } })
    return waiting
  }

  async function settle(id: string, rule: string, by: string, data: Record<string, unknown>): Promise<void> {
    await shelf.read()
    shelf.show(id)
    await states.set(id, null)
    await shelf.tidy()
    await shelf.note(rule, by, { plugin: id, ...data })
    registry.changed(id)
  }

  return {
    async accept(id, digest, by) {
      const waiting = needWaiting(id, digest)
      const { manifest } = waiting
      await describe(deps, waiting)
      const found = await shelf.load(waiting)
      if (found.refusal !== null) throw new LifeOsError('plugin-invalid', `${id} cannot be accepted: ${found.refusal}`)
      const permissions = manifest.permissions.map(({ permission }) => permission)
      await registry.replace(found, waiting.source, () => installs.accept(id, digest, permissions, now(), by))
      await settle(id, 'plugin-accepted', by, { version: manifest.version, digest, permissions })
    },
    async reject(id, by) {
      const waiting = shelf.one(id, 'waiting')
      if (!waiting) throw notWaiting(id)
      await installs.forget(id, waiting.digest)
      await home.drop(id, waiting.digest)
      await shelf.read()
      shelf.show(id)
      await shelf.note('plugin-rejected', by, { plugin: id, version: waiting.manifest.version, digest: waiting.digest })
      if (registry.entry(id)?.current) registry.changed(id)
      else await registry.drop(id)
    },
    async rollback(id, by) {
      registry.need(id)
      shelf.assertOwn(id)
      const before = shelf.one(id, 'replaced')
      if (!before) throw new LifeOsError('plugin-no-version-before', `There is no version of ${id} to go back to.`)
      const { digest, manifest, accepted: permissions } = before
      const found = await shelf.load(before)
      if (found.refusal !== null) throw new LifeOsError('plugin-invalid', `${id} cannot go back to ${manifest.version}: ${found.refusal}`)
      await registry.replace(found, before.source, () => installs.goBack(id, digest, now(), by))
      await settle(id, 'plugin-rolled-back', by, { version: manifest.version, digest, permissions })
    },
  }
}

const notWaiting = (id: string) => new LifeOsError('plugin-not-waiting', `No version of ${id} waits to be accepted.`)

/** Its code runs for the first time: in a box, to say which tools it has. */
async function describe({ home, spawn }: AcceptanceDeps, { id, digest, manifest }: Install): Promise<void> {
  const folder = home.folderOf(id, digest)
  if ((await digestOf(folder, 'index.js').catch(() => '')) !== digest)
    throw new LifeOsError('plugin-invalid', `The files of ${id} are not the ones that were shown. Install it again from where it came.`)
  const tools = await describePlugin({ out: home.build, folder, plugin: manifest, spawn })
  const faults = agreementFaults(manifest, tools)
  if (faults.length > 0)
    throw new LifeOsError('plugin-invalid', `Manifest and code of ${id} disagree: ${faults.join('; ')}.`, { details: { faults } })
  await writeFile(path.join(folder, 'tools.json'), `${JSON.stringify({ digest, sdk: SDK_VERSION, tools }, null, 1)}\n`)
}

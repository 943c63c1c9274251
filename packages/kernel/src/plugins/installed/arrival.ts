import path from 'node:path'
import { LifeOsError } from '@life-os/contract'
import type { Manifest, PluginSource } from '@life-os/contract'
import { bundleApart } from '../../plugin-build/index.ts'
import { digestOf } from '../digest.ts'
import type { Registry } from '../registry.ts'
import { fetchSource } from '../sources/index.ts'
import type { FetchGit, InstallSource } from '../types.ts'
import type { PluginHome } from './home.ts'
import type { Installs } from './rows.ts'
import type { Shelf } from './shelf.ts'

export interface ArrivalDeps {
  home: PluginHome
  installs: Installs
  registry: Registry
  /** The program that bundles; default this module's own source. */
  bundler: string | undefined
  fetchGit: FetchGit | undefined
  now(): number
}

/** How a version comes in and waits: it is fetched and bundled, and none of its code runs. */
export interface Arrival {
  /** Errors: `plugin-invalid`, `plugin-source-missing`, `plugin-source-invalid`, `plugin-fetch-failed`, `plugin-bundled`. Answers its id. */
  install(source: InstallSource, by: string): Promise<string>
  /** Fetches it again from where it came. Error besides those of `install`: `plugin-update-by-hand`. */
  update(id: string, by: string): Promise<void>
}

export function createArrival(deps: ArrivalDeps, shelf: Shelf): Arrival {
  const { home, installs, registry, now } = deps

  async function install(source: InstallSource, by: string): Promise<string> {
    await using staging = await home.staging()
    const fetched = await fetchSource(source, staging.path, deps.fetchGit)
    const built = path.join(staging.path, 'built')
    const manifest = await bundleApart(fetched.folder, built, deps.bundler === undefined ? {} : { program: deps.bundler })
    shelf.assertOwn(manifest.id)
    const digest = await digestOf(built, 'index.js')
    return await keep(manifest, digest, built, fetched.source, by) // before the staging folder goes
  }

  async function keep(manifest: Manifest, digest: string, built: string, source: PluginSource, by: string): Promise<string> {
    const { id } = manifest
    const accepted = shelf.one(id, 'accepted')
    const waited = shelf.one(id, 'waiting')
    const current = registry.entry(id)?.current
    if (accepted?.digest === digest && current?.supervisor.found.refusal === null) {
      await installs.setSource(id, digest, source)
      if (waited) await installs.forget(id, waited.digest)
      current.source = source
    } else {
      await home.place(built, id, digest)
      await installs.wait({ id, digest, source, manifest, at: now(), by })
    }
    await shelf.read()
    if (waited && waited.digest !== digest) await home.drop(id, waited.digest)
    shelf.show(id)
    await shelf.note('plugin-installed', by, { plugin: id, version: manifest.version, digest, source })
    registry.changed(id)
    return id
  }

  return {
    install,
    async update(id, by) {
      registry.need(id)
      shelf.assertOwn(id)
      const source = (shelf.one(id, 'accepted') ?? shelf.one(id, 'waiting'))?.source
      if (source?.kind === 'folder') await install(source, by)
      else if (source?.kind === 'git') await install({ kind: 'git', url: source.url, ref: source.ref }, by)
      else throw new LifeOsError('plugin-update-by-hand', `${id} came as an archive: install the newer archive.`)
    },
  }
}

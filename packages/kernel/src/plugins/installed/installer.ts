import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { LifeOsError } from '@life-os/contract'
import type { AuditRecord, Manifest, PluginSource } from '@life-os/contract'
import { SDK_VERSION } from '@life-os/plugin-sdk'
import { agreementFaults } from '@life-os/plugin-sdk/tool'
import { bundleApart, describePlugin } from '../../plugin-build/index.ts'
import type { SpawnPlugin } from '../../sandbox/index.ts'
import { digestOf } from '../digest.ts'
import { readBuilt } from '../discover.ts'
import type { FoundPlugin } from '../discover.ts'
import type { PluginStates } from '../states.ts'
import type { Registry } from '../registry.ts'
import { fetchSource } from '../sources/index.ts'
import type { FetchGit, InstallSource } from '../types.ts'
import type { PluginHome } from './home.ts'
import { review } from './review.ts'
import type { Install, Installs } from './rows.ts'

export interface InstallerDeps {
  home: PluginHome
  installs: Installs
  registry: Registry
  states: PluginStates
  spawn: SpawnPlugin
  /** The program that bundles; default this module's own source. */
  bundler: string | undefined
  fetchGit: FetchGit | undefined
  now(): number
  audit: { append(record: Omit<AuditRecord, 'seq' | 'at'>): Promise<void> }
}

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
  const { home, installs, registry, now } = deps
  const rows = new Map<string, Install[]>()
  let last: Promise<unknown> = Promise.resolve()

  const serially = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work, work)
    last = mine.catch(() => undefined)
    return mine
  }
  const one = (id: string, state: Install['state']) => rows.get(id)?.find((row) => row.state === state)

  async function read(): Promise<Install[]> {
    const all = await installs.all()
    rows.clear()
    for (const row of all) rows.set(row.id, [...(rows.get(row.id) ?? []), row])
    return all
  }

  function assertOwn(id: string): void {
    if (registry.entry(id)?.current?.source.kind === 'bundled')
      throw new LifeOsError('plugin-bundled', `The plugin ${id} comes with Life-OS. It can be disabled, not replaced or removed.`)
  }

  const load = ({ id, digest }: Install): Promise<FoundPlugin> =>
    readBuilt({
      build: home.build,
      folder: home.folderOf(id, digest),
      id,
      listed: digest,
      bundled: false,
      again: 'install it again from where it came',
    })

  /** What waits, as it is shown; null when nothing does. */
  function show(id: string): void {
    const waiting = one(id, 'waiting')
    const accepted = one(id, 'accepted')
    const entry = registry.entry(id)
    const before = accepted && {
      manifest: accepted.manifest,
      accepted: accepted.accepted ?? [],
      tools: entry?.current?.supervisor.found.tools ?? null,
    }
    if (waiting) registry.waiting(id, review(waiting, home.folderOf(id, waiting.digest), before ?? null))
    else if (entry) entry.pending = null
  }

  async function note(rule: string, by: string, data: Record<string, unknown>): Promise<void> {
    await deps.audit.append({ kind: 'plugin', actor: by, run: null, step: null, tool: null, verdict: null, rule, data })
  }

  async function install(source: InstallSource, by: string): Promise<string> {
    await using staging = await home.staging()
    const fetched = await fetchSource(source, staging.path, deps.fetchGit)
    const built = path.join(staging.path, 'built')
    const manifest = await bundleApart(fetched.folder, built, deps.bundler === undefined ? {} : { program: deps.bundler })
    assertOwn(manifest.id)
    const digest = await digestOf(built, 'index.js')
    return await keep(manifest, digest, built, fetched.source, by) // before the staging folder goes
  }

  async function keep(manifest: Manifest, digest: string, built: string, source: PluginSource, by: string): Promise<string> {
    const { id } = manifest
    const accepted = one(id, 'accepted')
    const waited = one(id, 'waiting')
    const current = registry.entry(id)?.current
    if (accepted?.digest === digest && current?.supervisor.found.refusal === null) {
      await installs.setSource(id, digest, source)
      if (waited) await installs.forget(id, waited.digest)
      current.source = source
    } else {
      await home.place(built, id, digest)
      await installs.wait({ id, digest, source, manifest, at: now(), by })
    }
    await read()
    if (waited && waited.digest !== digest) await home.drop(id, waited.digest)
    show(id)
    await note('plugin-installed', by, { plugin: id, version: manifest.version, digest, source })
    registry.changed(id)
    return id
  }

  async function accept(id: string, digest: string, by: string): Promise<void> {
    const waiting = one(id, 'waiting')
    const pending = registry.need(id).pending
    if (!waiting || !pending) throw new LifeOsError('plugin-not-waiting', `No version of ${id} waits to be accepted.`)
    if (waiting.digest !== digest)
      throw new LifeOsError('plugin-pending-changed', `What waits is no longer what was shown. Look at ${id} again, then accept it.`)
    if (pending.faults.length > 0)
      throw new LifeOsError('plugin-invalid', `${id} cannot be accepted: ${pending.faults.join(' ')}`, {
        details: { faults: pending.faults },
      })
    await describe(waiting)
    const found = await load(waiting)
    if (found.refusal !== null) throw new LifeOsError('plugin-invalid', `${id} cannot be accepted: ${found.refusal}`)
    const permissions = waiting.manifest.permissions.map(({ permission }) => permission)
    await registry.replace(found, waiting.source, () => installs.accept(id, digest, permissions, now(), by))
    await read()
    show(id)
    await deps.states.set(id, null)
    await home.tidy([...rows.values()].flat())
    await note('plugin-accepted', by, { plugin: id, version: waiting.manifest.version, digest, permissions })
    registry.changed(id)
  }

  /** The version before takes over as an accepted one does: its process starts first, and no call is lost. */
  async function rollback(id: string, by: string): Promise<void> {
    registry.need(id)
    assertOwn(id)
    const before = one(id, 'replaced')
    if (!before) throw new LifeOsError('plugin-no-version-before', `There is no version of ${id} to go back to.`)
    const { digest, manifest, accepted: permissions } = before
    const found = await load(before)
    if (found.refusal !== null) throw new LifeOsError('plugin-invalid', `${id} cannot go back to ${manifest.version}: ${found.refusal}`)
    await registry.replace(found, before.source, () => installs.goBack(id, digest, now(), by))
    await read()
    show(id)
    await deps.states.set(id, null)
    await home.tidy([...rows.values()].flat())
    await note('plugin-rolled-back', by, { plugin: id, version: manifest.version, digest, permissions })
    registry.changed(id)
  }

  /** Its code runs for the first time: in a box, to say which tools it has. */
  async function describe({ id, digest, manifest }: Install): Promise<void> {
    const folder = home.folderOf(id, digest)
    if ((await digestOf(folder, 'index.js').catch(() => '')) !== digest)
      throw new LifeOsError('plugin-invalid', `The files of ${id} are not the ones that were shown. Install it again from where it came.`)
    const tools = await describePlugin({ out: home.build, folder, plugin: manifest, spawn: deps.spawn })
    const faults = agreementFaults(manifest, tools)
    if (faults.length > 0)
      throw new LifeOsError('plugin-invalid', `Manifest and code of ${id} disagree: ${faults.join('; ')}.`, { details: { faults } })
    await writeFile(path.join(folder, 'tools.json'), `${JSON.stringify({ digest, sdk: SDK_VERSION, tools }, null, 1)}\n`)
  }

  async function reload(id: string): Promise<void> {
    const source = one(id, 'accepted')?.source
    if (source?.kind !== 'folder' || !source.watch) return
    const entry = registry.need(id)
    try {
      const built = await install({ kind: 'folder', path: source.path, watch: true }, 'watch')
      if (built !== id) throw new LifeOsError('plugin-invalid', `manifest.json now says id "${built}": install it as a plugin of its own.`)
      const { pending } = entry
      if (!pending) entry.fault = null
      else if (pending.permissions.added.length === 0) await accept(id, pending.digest, 'watch')
      else entry.fault = 'The newest files ask for more than was accepted; they wait until you accept them.'
    } catch (error) {
      entry.fault = `The newest files are not in use: ${error instanceof Error ? error.message : String(error)}`
    }
    if (entry.fault !== null) entry.health.note(entry.fault, 'error')
    registry.changed(id)
  }

  return {
    async open() {
      const all = await read()
      await home.tidy(all)
      for (const row of all) {
        const had = registry.entry(row.id)?.current
        if (row.state === 'accepted' && had?.source.kind !== 'bundled') registry.add(await load(row), row.source)
      }
      for (const id of rows.keys()) if (registry.entry(id)?.current?.source.kind !== 'bundled') show(id)
    },
    install: (source, by) => serially(() => install(source, by)),
    accept: (id, digest, by) => serially(() => accept(id, digest, by)),
    rollback: (id, by) => serially(() => rollback(id, by)),
    reload: (id) => serially(() => reload(id)),
    reject: (id, by) =>
      serially(async () => {
        const waiting = one(id, 'waiting')
        if (!waiting) throw new LifeOsError('plugin-not-waiting', `No version of ${id} waits to be accepted.`)
        await installs.forget(id, waiting.digest)
        await home.drop(id, waiting.digest)
        await read()
        show(id)
        await note('plugin-rejected', by, { plugin: id, version: waiting.manifest.version, digest: waiting.digest })
        if (registry.entry(id)?.current) registry.changed(id)
        else await registry.drop(id)
      }),
    update: (id, by) =>
      serially(async () => {
        registry.need(id)
        assertOwn(id)
        const source = one(id, 'accepted')?.source ?? one(id, 'waiting')?.source
        if (source?.kind === 'folder') await install(source, by)
        else if (source?.kind === 'git') await install({ kind: 'git', url: source.url, ref: source.ref }, by)
        else throw new LifeOsError('plugin-update-by-hand', `${id} came as an archive: install the newer archive.`)
      }),
    remove: (id, by, data) =>
      serially(async () => {
        registry.need(id)
        assertOwn(id)
        await deps.states.set(id, null)
        await installs.remove(id, data)
        await registry.drop(id)
        await read()
        await home.tidy([...rows.values()].flat())
        await note('plugin-removed', by, { plugin: id, data })
      }),
    sourceOf: (id) => (one(id, 'accepted') ?? one(id, 'waiting'))?.source,
  }
}

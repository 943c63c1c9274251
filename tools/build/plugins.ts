import { existsSync } from 'node:fs'
import { readFile, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { LifeOsError } from '@life-os/contract'
import { bundlePlugin, describePlugin, replaceFolder, writeWhole } from '@life-os/kernel/plugin-build'
import { digestOf } from '@life-os/kernel/plugins'
import { createSandbox } from '@life-os/kernel/sandbox'
import type { SpawnPlugin } from '@life-os/kernel/sandbox'
import { SDK_VERSION } from '@life-os/plugin-sdk'
import { agreementFaults } from '@life-os/plugin-sdk/tool'
import { hashOf } from './hash.ts'
import { lockBuild } from './lock.ts'
import { buildSdk, sdkKey } from './sdk.ts'
import { isBuilt, stamp } from './stamps.ts'

export interface BuildPluginsOptions {
  /** The folder that holds `plugins/<id>/`. */
  root: string
  /** Gets `sdk/` and `plugins/`. */
  out: string
}
export interface BuiltPlugins {
  built: string[]
  kept: string[]
}

/**
 * Bundles every plugin below `<root>/plugins` into `<out>/plugins/<id>` (index.js, manifest.json, tools.json, README.md,
 * plans/, agents/) and writes `<out>/plugins/bundled.json`, the list of what may be loaded with digests. Skips what did not change.
 */
export async function buildPlugins({ root, out }: BuildPluginsOptions): Promise<BuiltPlugins> {
  const sdk = await sdkKey()
  await using _lock = await lockBuild(out)
  await buildSdk(out, sdk)
  const ids = await pluginIds(root)
  await using describing = lazySandbox()
  const outcomes = await Promise.allSettled(ids.map((id) => buildPlugin({ root, out, id, sdk, describing })))
  await removeOthers(out, ids)
  await writeBundled(out, ids)
  const failures = outcomes.filter((outcome) => outcome.status === 'rejected').map((outcome) => outcome.reason as Error) // buildPlugin throws errors
  if (failures.length > 0)
    throw new LifeOsError('plugin-invalid', failures.map((failure) => failure.message).join('\n'), { cause: failures[0] })
  const isNew = (_: string, index: number) => outcomes[index]?.status === 'fulfilled' && outcomes[index].value
  return { built: ids.filter(isNew), kept: ids.filter((id, index) => !isNew(id, index)) }
}

async function pluginIds(root: string): Promise<string[]> {
  const names = await readdir(path.join(root, 'plugins'))
  const ids: string[] = []
  for (const name of names.toSorted()) {
    const manifest = await readFile(path.join(root, 'plugins', name, 'manifest.json')).catch(() => null)
    if (manifest) ids.push(name)
  }
  return ids
}

/** A sandbox that is made when a plugin is built, which is seldom. */
function lazySandbox(): { spawn(): Promise<SpawnPlugin> } & AsyncDisposable {
  let made: ReturnType<typeof createSandbox> | undefined
  return {
    spawn: async () => (await (made ??= createSandbox())).spawnPlugin,
    [Symbol.asyncDispose]: async () => (await made)?.[Symbol.asyncDispose](),
  }
}

interface PluginBuild {
  root: string
  out: string
  id: string
  sdk: string
  describing: { spawn(): Promise<SpawnPlugin> }
}

async function buildPlugin({ root, out, id, sdk, describing }: PluginBuild): Promise<boolean> {
  const key = `${sdk} ${await hashOf(root, [path.join('plugins', id)])}`
  const place = path.join(out, 'plugins', id)
  if ((await isBuilt(out, `plugin-${id}`, key)) && existsSync(path.join(place, 'tools.json'))) return false
  const fresh = path.join(out, 'plugins', `.${id}.${process.pid}`) // beside its place: imports of ../../sdk hold
  try {
    const manifest = await bundlePlugin(path.join(root, 'plugins', id), fresh)
    const tools = await describePlugin({ out, folder: fresh, plugin: manifest, spawn: await describing.spawn() })
    const faults = [
      ...(manifest.id === id ? [] : [`manifest.json says id "${manifest.id}", the folder is "${id}"`]),
      ...agreementFaults(manifest, tools),
    ]
    if (faults.length > 0)
      throw new LifeOsError('plugin-invalid', `The plugin ${id} cannot be built:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`)
    await writeWhole(
      path.join(fresh, 'tools.json'),
      `${JSON.stringify({ digest: await digestOf(fresh, 'index.js'), sdk: SDK_VERSION, tools }, null, 1)}\n`,
    )
    await replaceFolder(fresh, place)
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
  await stamp(out, `plugin-${id}`, key)
  return true
}

async function removeOthers(out: string, ids: readonly string[]): Promise<void> {
  const entries = await readdir(path.join(out, 'plugins'), { withFileTypes: true }).catch(() => [])
  for (const entry of entries) {
    if (entry.isDirectory() && !entry.name.startsWith('.') && !ids.includes(entry.name))
      await rm(path.join(out, 'plugins', entry.name), { recursive: true })
  }
}

async function writeBundled(out: string, ids: readonly string[]): Promise<void> {
  const digests: Record<string, string> = {}
  for (const id of ids) {
    const folder = path.join(out, 'plugins', id)
    if (existsSync(folder)) digests[id] = await digestOf(folder, 'index.js')
  }
  const text = `${JSON.stringify({ sdk: SDK_VERSION, plugins: digests }, null, 2)}\n`
  const file = path.join(out, 'plugins', 'bundled.json')
  if ((await readFile(file, 'utf8').catch(() => '')) !== text) await writeWhole(file, text)
}

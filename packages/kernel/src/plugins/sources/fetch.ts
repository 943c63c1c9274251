import { access, readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { LifeOsError } from '@life-os/contract'
import type { PluginSource } from '@life-os/contract'
import type { FetchGit, InstallSource } from '../types.ts'
import { unpackArchive, unpackBytes } from './archive.ts'
import { copyFolder } from './folder.ts'
import { checkAddress } from './git.ts'
import { SOURCE_LIMITS, sourceFault } from './limits.ts'
import type { SourceLimits } from './limits.ts'

export interface Fetched {
  /** A copy of the plugin's own folder, of files and folders alone. */
  folder: string
  source: PluginSource
}

/** Brings a source into the staging folder and finds the plugin in it. Runs nothing. Errors: `plugin-source-missing`, `plugin-source-invalid`, `plugin-fetch-failed`. */
export async function fetchSource(
  from: InstallSource,
  staging: string,
  fetchGit: FetchGit | undefined,
  limits: SourceLimits = SOURCE_LIMITS,
): Promise<Fetched> {
  const into = path.join(staging, 'source')
  switch (from.kind) {
    case 'folder': {
      const folder = await absoluteFolder(from.path)
      await copyFolder(folder, into, limits)
      return { folder: await pluginIn(into), source: { kind: 'folder', path: folder, watch: from.watch } }
    }
    case 'archive': {
      await unpackArchive(from.file, into, limits)
      return { folder: await pluginIn(into), source: { kind: 'archive', name: from.name.slice(0, 200) } }
    }
    case 'git': {
      checkAddress(from.url, from.ref)
      if (!fetchGit) throw new LifeOsError('plugin-fetch-failed', 'This Life-OS cannot fetch from git. Give a folder or an archive.')
      const { commit, archive } = await fetchGit({ url: from.url, ref: from.ref })
      await unpackBytes(Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength), into, limits)
      const source: PluginSource = { kind: 'git', url: from.url, ...(from.ref !== undefined && { ref: from.ref }), commit }
      return { folder: await pluginIn(into), source }
    }
  }
}

async function absoluteFolder(folder: string): Promise<string> {
  if (!path.isAbsolute(folder)) throw sourceFault(`${JSON.stringify(folder)} is no absolute path.`)
  const found = await stat(folder).catch(() => null)
  if (!found?.isDirectory())
    throw new LifeOsError('plugin-source-missing', `There is no folder ${folder} on the machine that Life-OS runs on.`)
  return path.resolve(folder)
}

/** The folder with the manifest: the root, or its only sub-folder. */
async function pluginIn(root: string): Promise<string> {
  if (await has(root)) return root
  const entries = await readdir(root, { withFileTypes: true }).catch(() => [])
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
  const holders = []
  for (const { name } of folders.slice(0, 100)) if (await has(path.join(root, name))) holders.push(path.join(root, name))
  const [only] = holders
  if (only !== undefined && holders.length === 1) return only
  throw sourceFault(
    holders.length > 1
      ? 'It holds several plugins. Install one folder at a time.'
      : 'There is no manifest.json in it, neither at its root nor in a folder directly below.',
  )
}

const has = (folder: string): Promise<boolean> =>
  access(path.join(folder, 'manifest.json')).then(
    () => true,
    () => false,
  )

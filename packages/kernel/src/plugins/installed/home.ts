import { cp, mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { replaceFolder } from '../../plugin-build/index.ts'

/**
 * `<home>/plugins`: laid out as a build is, so that a plugin finds the SDK where its imports say. `versions/<id>-<digest>`
 * holds one built version, `sdk` a copy of this Life-OS's own, `staging` what is being installed.
 */
export interface PluginHome {
  readonly build: string
  folderOf(id: string, digest: string): string
  /** Brings a finished version into its place. */
  place(built: string, id: string, digest: string): Promise<string>
  drop(id: string, digest: string): Promise<void>
  /** An empty folder that is gone when it is disposed. */
  staging(): Promise<AsyncDisposable & { readonly path: string }>
  /** Copies the SDK where it is not this Life-OS's; removes all versions but these and what an install left behind. */
  tidy(keep: readonly { id: string; digest: string }[]): Promise<void>
}

export function createPluginHome(home: string, sdk: string): PluginHome {
  const build = path.join(home, 'plugins')
  const staging = path.join(build, 'staging')
  const versions = path.join(build, 'versions')
  const nameOf = (id: string, digest: string) => `${id}-${digest.slice(0, 32)}`
  const folderOf = (id: string, digest: string) => path.join(versions, nameOf(id, digest))
  return {
    build,
    folderOf,
    async place(built, id, digest) {
      await keepSdk(sdk, path.join(build, 'sdk'))
      const folder = folderOf(id, digest)
      await replaceFolder(built, folder)
      return folder
    },
    drop: (id, digest) => rm(folderOf(id, digest), { recursive: true, force: true }),
    async staging() {
      await mkdir(staging, { recursive: true, mode: 0o700 })
      const made = await mkdtemp(path.join(staging, 'install-'))
      return { path: made, [Symbol.asyncDispose]: () => rm(made, { recursive: true, force: true }) }
    },
    async tidy(keep) {
      await rm(staging, { recursive: true, force: true })
      const kept = new Set(keep.map(({ id, digest }) => nameOf(id, digest)))
      for (const name of await readdir(versions).catch(() => []))
        if (!kept.has(name)) await rm(path.join(versions, name), { recursive: true, force: true })
      if (keep.length > 0) await keepSdk(sdk, path.join(build, 'sdk'))
    },
  }
}

async function keepSdk(from: string, to: string): Promise<void> {
  if (await isSame(from, to)) return
  const fresh = `${to}.${process.pid}`
  await rm(fresh, { recursive: true, force: true })
  await cp(from, fresh, { recursive: true })
  await replaceFolder(fresh, to)
}

async function isSame(from: string, to: string): Promise<boolean> {
  const [names, had] = await Promise.all([from, to].map((folder) => readdir(folder).catch(() => [])))
  if (names?.toSorted().join('\n') !== had?.toSorted().join('\n')) return false
  for (const name of names ?? []) {
    const [a, b] = await Promise.all([from, to].map((folder) => readFile(path.join(folder, name))))
    if (!a || !b || !a.equals(b)) return false
  }
  return true
}

import { existsSync } from 'node:fs'
import path from 'node:path'
import { build } from 'vite'
import { hashOf } from './hash.ts'
import { isBuilt, stamp } from './stamps.ts'

const SOURCES = ['apps/web', 'packages/contract/src', 'package-lock.json', 'tools/build/web.ts']

/** Builds the web app into `<root>/dist/web` as its own Vite configuration says. False when nothing changed. */
export async function buildWeb(root: string): Promise<boolean> {
  const folder = path.join(root, 'apps', 'web')
  const configuration = path.join(folder, 'vite.config.ts')
  if (!existsSync(configuration)) return false
  const out = path.join(root, 'dist')
  const key = await hashOf(root, SOURCES)
  if ((await isBuilt(out, 'web', key)) && existsSync(path.join(out, 'web', 'index.html'))) return false
  await build({ root: folder, configFile: configuration, logLevel: 'warn' })
  await stamp(out, 'web', key)
  return true
}

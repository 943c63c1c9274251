import { existsSync } from 'node:fs'
import path from 'node:path'
import { rolldown } from 'rolldown'
import { replaceFolder, writeWhole } from '@life-os/kernel/plugin-build'
import { hashOf } from './hash.ts'
import { isBuilt, stamp } from './stamps.ts'

const SOURCES = ['apps/server/src', 'apps/cli/src', 'packages', 'package-lock.json', 'tools/build/server.ts']
/** Left as they are: pino starts worker threads from its own files, pg looks for an optional native part, the bundler is one. */
const EXTERNAL = /^(pino|pg|rolldown)(\/|$)/

/**
 * Bundles the server and the command line into `<root>/dist/server` (`main.js`, `lifeos.js`, `bundler.js`): one read and one compile
 * instead of some six hundred. False when nothing changed.
 */
export async function buildServer(root: string): Promise<boolean> {
  const out = path.join(root, 'dist')
  const folder = path.join(out, 'server')
  const key = await hashOf(root, SOURCES)
  if ((await isBuilt(out, 'server', key)) && existsSync(path.join(folder, 'main.js'))) return false
  const bundle = await rolldown({
    cwd: root,
    input: {
      main: path.join(root, 'apps/server/src/main.ts'),
      lifeos: path.join(root, 'apps/cli/src/main.ts'),
      bundler: path.join(root, 'packages/kernel/src/plugin-build/main.ts'),
    },
    platform: 'node',
    external: (id) => EXTERNAL.test(id) || id.startsWith('node:'),
    logLevel: 'warn',
  })
  const fresh = `${folder}.${process.pid}`
  await bundle.write({ dir: fresh, format: 'esm', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' })
  await bundle.close()
  await writeWhole(path.join(fresh, 'package.json'), '{"type":"module"}\n')
  await replaceFolder(fresh, folder)
  await stamp(out, 'server', key)
  return true
}

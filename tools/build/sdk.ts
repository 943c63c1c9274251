import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { replaceFolder, writeWhole } from '@life-os/kernel/plugin-build'
import { hashOf } from './hash.ts'
import { isBuilt, stamp } from './stamps.ts'

const checkout = fileURLToPath(new URL('../..', import.meta.url))
const SOURCES = [
  'packages/plugin-sdk/src',
  'packages/plugin-sdk/package.json',
  'packages/contract/src',
  'package-lock.json',
  'tools/build',
  'packages/kernel/src/plugin-build',
  'packages/kernel/src/plugins/digest.ts',
]

export const sdkKey = (): Promise<string> => hashOf(checkout, SOURCES)

/** Bundles runtime, SDK and Zod once into `<out>/sdk`; they share one copy of everything. */
export async function buildSdk(out: string, key: string): Promise<boolean> {
  const folder = path.join(out, 'sdk')
  if ((await isBuilt(out, 'sdk', key)) && existsSync(path.join(folder, 'runtime.js'))) return false
  const sdk = path.join(checkout, 'packages', 'plugin-sdk', 'src')
  const bundle = await rolldown({
    cwd: checkout,
    input: {
      runtime: path.join(sdk, 'runtime', 'main.ts'),
      probe: path.join(sdk, 'testing', 'probe-child.ts'),
      index: path.join(sdk, 'index.ts'),
      zod: fileURLToPath(import.meta.resolve('zod')),
    },
    platform: 'node',
    // Importing our packages does no work, so that a plugin's process does not carry the HTTP contract along.
    treeshake: { moduleSideEffects: false },
    plugins: [englishOnly],
    logLevel: 'warn',
  })
  const fresh = `${folder}.${process.pid}`
  await bundle.write({
    dir: fresh,
    format: 'esm',
    minify: { mangle: false, compress: false },
    entryFileNames: '[name].js',
    chunkFileNames: 'shared-[hash].js',
  })
  await bundle.close()
  await writeWhole(path.join(fresh, 'package.json'), '{"type":"module"}\n')
  await replaceFolder(fresh, folder)
  await stamp(out, 'sdk', key)
  return true
}

/** Zod ships its messages in 50 languages; a plugin's process speaks one (half of the bundle, measured). */
const englishOnly = {
  name: 'life-os:english-only',
  load: (id: string) => (id.endsWith('zod/v4/locales/index.js') ? "export { default as en } from './en.js'" : undefined),
}

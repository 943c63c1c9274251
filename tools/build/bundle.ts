import { cp, mkdir, readFile, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { isBuiltin } from 'node:module'
import { rolldown } from 'rolldown'
import type { Plugin as BundlerPlugin } from 'rolldown'
import { Manifest } from '@life-os/contract'
import { writeWhole } from './stamps.ts'

/** What a plugin gets from the SDK's one bundle instead of carrying its own copy. */
const SHARED: Record<string, string> = {
  '@life-os/plugin-sdk': '../../sdk/index.js',
  zod: '../../sdk/zod.js',
  'zod/v4': '../../sdk/zod.js',
}

/** Bundles one plugin's folder into `target`: index.js, manifest.json, README.md, plans/*.yaml. */
export async function bundlePlugin(source: string, target: string): Promise<Manifest> {
  const manifest = await readManifest(source)
  await rm(target, { recursive: true, force: true })
  await mkdir(target, { recursive: true })
  const bundle = await rolldown({
    cwd: source,
    input: path.join(source, manifest.entry),
    platform: 'node',
    external: (id) => id in SHARED || id.startsWith('node:'),
    plugins: [requiredBuiltins(), missingOptional()],
    treeshake: true,
    logLevel: 'warn',
  })
  await bundle.write({ file: path.join(target, 'index.js'), format: 'esm', codeSplitting: false, paths: SHARED, minify: false })
  await bundle.close()
  await writeWhole(path.join(target, 'manifest.json'), `${JSON.stringify({ ...manifest, entry: 'index.js' }, null, 2)}\n`)
  await writeWhole(path.join(target, 'package.json'), '{"type":"module"}\n')
  await cp(path.join(source, 'README.md'), path.join(target, 'README.md')).catch(ifMissing)
  await copyPlans(path.join(source, 'src', 'plans'), path.join(target, 'plans'))
  return manifest
}

/**
 * `require('stream')` of a CommonJS library becomes an import. Left alone it would turn into `createRequire` from
 * `node:module`, which no plugin may have.
 */
function requiredBuiltins(): BundlerPlugin {
  const PREFIX = '\0builtin:'
  return {
    name: 'required-builtins',
    resolveId: (id, _importer, { kind }) => (kind === 'require-call' && isBuiltin(id) ? PREFIX + id : null),
    load: (id) =>
      id.startsWith(PREFIX)
        ? `export { default as 'module.exports' } from ${JSON.stringify(`node:${id.slice(PREFIX.length).replace(/^node:/, '')}`)}`
        : null,
  }
}

/** An optional dependency that is not installed (linkedom's `canvas`) throws when it is required, as it would unbundled. */
function missingOptional(): BundlerPlugin {
  const PREFIX = '\0missing:'
  return {
    name: 'missing-optional',
    async resolveId(id, importer, { kind }) {
      if (kind !== 'require-call' || id.startsWith('.') || id.startsWith('\0') || isBuiltin(id) || id in SHARED) return null
      return (await this.resolve(id, importer, { kind, skipSelf: true })) ? null : PREFIX + id
    },
    load: (id) =>
      id.startsWith(PREFIX)
        ? `module.exports = {}; throw Object.assign(new Error(${JSON.stringify(`${id.slice(PREFIX.length)} is not bundled`)}), { code: 'MODULE_NOT_FOUND' })`
        : null,
  }
}

async function readManifest(source: string): Promise<Manifest> {
  const file = path.join(source, 'manifest.json')
  const read = Manifest.safeParse(JSON.parse(await readFile(file, 'utf8')))
  if (read.success) return read.data
  throw new Error(
    `${file} is not valid: ${read.error.issues.map((issue) => `${issue.path.join('.') || 'the whole'}: ${issue.message}`).join('; ')}`,
  )
}

async function copyPlans(from: string, to: string): Promise<void> {
  const names = await readdir(from).catch(() => [])
  for (const name of names.filter((name) => name.endsWith('.yaml'))) await cp(path.join(from, name), path.join(to, name))
}

/** Puts a finished folder in the place of the one before. */
export async function replaceFolder(fresh: string, place: string): Promise<void> {
  await rm(place, { recursive: true, force: true })
  await mkdir(path.dirname(place), { recursive: true })
  await rename(fresh, place)
}

function ifMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}

import { cp, mkdir, readFile, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { rolldown } from 'rolldown'
import { Manifest } from '@life-os/contract'
import { writeWhole } from './stamps.ts'

/** What a plugin gets from the SDK's one bundle instead of carrying its own copy. */
const SHARED: Record<string, string> = { '@life-os/plugin-sdk': '../../sdk/index.js', zod: '../../sdk/zod.js', 'zod/v4': '../../sdk/zod.js' }

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

async function readManifest(source: string): Promise<Manifest> {
  const file = path.join(source, 'manifest.json')
  const read = Manifest.safeParse(JSON.parse(await readFile(file, 'utf8')))
  if (read.success) return read.data
  throw new Error(`${file} is not valid: ${read.error.issues.map((issue) => `${issue.path.join('.') || 'the whole'}: ${issue.message}`).join('; ')}`)
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

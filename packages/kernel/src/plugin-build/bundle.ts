import { cp, mkdir, readdir, realpath, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { LifeOsError } from '@life-os/contract'
import type { Manifest } from '@life-os/contract'
import { writeWhole } from './files.ts'
import { SHARED, closedFolder, isBundlersOwn, isShared, missingOptional, requiredBuiltins } from './imports.ts'
import { readManifest } from './manifest.ts'

export interface BundleOptions {
  /** Nothing outside of the plugin's folder is read, whatever its files say. For every plugin that did not come with Life-OS. */
  closed?: boolean
}

/** Bytes of the finished bundle, and of one plan or agent. */
const LARGEST = 32 * 1024 * 1024
const LARGEST_TEXT = 1024 * 1024
/** Plans, and agents, of one plugin. */
const MOST = 100

/**
 * Bundles one plugin's folder into `target`: index.js, manifest.json, README.md, plans/*.yaml, agents/*.yaml. Runs nothing of it: no
 * configuration, no scripts. Errors: `plugin-invalid`.
 */
export async function bundlePlugin(source: string, target: string, { closed = false }: BundleOptions = {}): Promise<Manifest> {
  const manifest = await readManifest(source)
  await rm(target, { recursive: true, force: true })
  await mkdir(target, { recursive: true })
  const file = path.join(target, 'index.js')
  await bundleCode(await realpath(source), manifest.entry, file, closed).catch((thrown: unknown) => {
    throw new LifeOsError('plugin-invalid', `The code of ${manifest.id} cannot be bundled: ${reasonOf(thrown)}`, { cause: thrown })
  })
  if ((await stat(file)).size > LARGEST) throw new LifeOsError('plugin-invalid', `The code of ${manifest.id} is larger than 32 MiB.`)
  await writeWhole(path.join(target, 'manifest.json'), `${JSON.stringify({ ...manifest, entry: 'index.js' }, null, 2)}\n`)
  await writeWhole(path.join(target, 'package.json'), '{"type":"module"}\n')
  await cp(path.join(source, 'README.md'), path.join(target, 'README.md')).catch(ifMissing)
  for (const kind of ['plans', 'agents'] as const) await copyTexts(kind, path.join(source, 'src', kind), path.join(target, kind))
  return manifest
}

async function bundleCode(source: string, entry: string, file: string, closed: boolean): Promise<void> {
  const { rolldown } = await import('rolldown') // 21 MiB that a running Life-OS does without
  const bundle = await rolldown({
    cwd: source,
    input: path.join(source, entry),
    platform: 'node',
    tsconfig: false, // it could lead anywhere
    external: (id, importer) => isShared(id) || (id.startsWith('node:') && (!closed || isBundlersOwn(importer))),
    plugins: closed ? [requiredBuiltins(), closedFolder(source), missingOptional()] : [requiredBuiltins(), missingOptional()],
    transform: { define: { 'typeof require': '"undefined"' } }, // what browserified code asks before it requires at run time
    treeshake: true,
    logLevel: closed ? 'silent' : 'warn',
  })
  try {
    await bundle.write({ file, format: 'esm', codeSplitting: false, paths: { ...SHARED }, minify: false })
  } finally {
    await bundle.close()
  }
}

async function copyTexts(kind: 'plans' | 'agents', from: string, to: string): Promise<void> {
  const names = (await readdir(from).catch(() => [])).filter((name) => name.endsWith('.yaml'))
  if (names.length > MOST) throw new LifeOsError('plugin-invalid', `It ships more than ${MOST} ${kind}.`)
  for (const name of names) {
    if ((await stat(path.join(from, name))).size > LARGEST_TEXT)
      throw new LifeOsError('plugin-invalid', `${name} of its ${kind} is larger than 1 MiB.`)
    await cp(path.join(from, name), path.join(to, name))
  }
}

/** The first lines say what is wrong, without colours and stack traces. */
function reasonOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown)
  return text
    .replace(/\u001B\[[0-9;]*m/g, '')
    .split('\n')
    .filter((line) => !/^\s+at /.test(line))
    .slice(0, 12)
    .join('\n')
    .slice(0, 4000)
}

function ifMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}

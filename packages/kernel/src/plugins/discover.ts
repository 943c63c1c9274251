import { readFile, readdir } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { Manifest, ToolDescription } from '@life-os/contract'
import { SDK_VERSION } from '@life-os/plugin-sdk'
import { agreementFaults } from '@life-os/plugin-sdk/tool'
import semver from 'semver'
import { digestOf } from './digest.ts'

/** A plugin's folder as found; `refusal` says why it is not loaded and what mends that. */
export interface FoundPlugin {
  readonly manifest: Manifest
  readonly folder: string
  /** The runtime that starts it. */
  readonly runtime: string
  readonly digest: string
  readonly tools: readonly ToolDescription[]
  readonly plans: readonly { file: string; text: string }[]
  readonly agents: readonly { file: string; text: string }[]
  readonly bundled: boolean
  readonly refusal: string | null
}

const Bundled = z.object({ sdk: z.string(), plugins: z.record(z.string(), z.string()) })
/** `tools.json`: what the code of a built plugin said of itself. */
export const Tools = z.object({ digest: z.string(), sdk: z.string(), tools: z.array(ToolDescription) })

/** Reads every plugin of one build (`plugins/<id>/`, `plugins/bundled.json`, `sdk/`) without running any of their code. */
export async function discover(build: string, sdk = SDK_VERSION): Promise<FoundPlugin[]> {
  const folder = path.join(build, 'plugins')
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const bundled = await readJson(path.join(folder, 'bundled.json'), Bundled)
  const listed = typeof bundled === 'string' ? {} : bundled.plugins
  const names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map((entry) => entry.name)
  return Promise.all(names.toSorted().map((name) => find(build, name, Object.hasOwn(listed, name) ? listed[name] : undefined, sdk)))
}

function find(build: string, name: string, listed: string | undefined, sdk: string): Promise<FoundPlugin> {
  return readBuilt({
    build,
    folder: path.join(build, 'plugins', name),
    id: name,
    listed,
    bundled: listed !== undefined,
    again: 'run `npm run build` and start Life-OS again',
    sdk,
  })
}

export interface BuiltPlace {
  /** Holds `sdk/`. */
  build: string
  folder: string
  id: string
  /** The digest that may run; undefined: none may. */
  listed: string | undefined
  bundled: boolean
  /** What mends files that are not as they were, as the end of a sentence. */
  again: string
  sdk?: string
}

/** Reads one built plugin without running any of it. */
export async function readBuilt({ build, folder, id, listed, bundled, again, sdk = SDK_VERSION }: BuiltPlace): Promise<FoundPlugin> {
  const common = { folder, runtime: path.join(build, 'sdk', 'runtime.js'), bundled }
  const manifest = await readJson(path.join(folder, 'manifest.json'), Manifest)
  if (typeof manifest === 'string')
    return {
      ...common,
      manifest: unreadableManifest(id),
      digest: '',
      tools: [],
      plans: [],
      agents: [],
      refusal: `manifest.json ${manifest}`,
    }
  try {
    const digest = await digestOf(folder, path.basename(manifest.entry))
    const built = await readJson(path.join(folder, 'tools.json'), Tools)
    const tools = typeof built === 'string' ? [] : built.tools
    const refusal = refusalOf({ name: id, manifest, listed, digest, built, sdk, again })
    return {
      ...common,
      manifest,
      digest,
      tools: refusal === null ? tools : [],
      plans: refusal === null ? await readTexts(folder, 'plans') : [],
      agents: refusal === null ? (await readTexts(folder, 'agents')).filter(named(manifest.agents)) : [],
      refusal,
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { ...common, manifest, digest: '', tools: [], plans: [], agents: [], refusal: `Its files cannot be read (${reason}): ${again}.` }
  }
}

interface Facts {
  name: string
  manifest: Manifest
  listed: string | undefined
  digest: string
  built: z.infer<typeof Tools> | string
  sdk: string
  again: string
}

function refusalOf({ name, manifest, listed, digest, built, sdk, again }: Facts): string | null {
  if (manifest.id !== name) return `manifest.json says id "${manifest.id}" but the folder is "${name}": give both the same name.`
  if (listed === undefined) return 'Only plugins that come with Life-OS are loaded from here. Remove its folder and install it.'
  const misfit = misfitOf(manifest, sdk)
  if (misfit !== null) return misfit
  if (typeof built === 'string') return `tools.json ${built}; ${again}.`
  if (digest !== listed || digest !== built.digest) return `Its files are not the ones that were built: ${again}.`
  const faults = agreementFaults(manifest, built.tools)
  return faults.length === 0 ? null : `Manifest and code disagree: ${faults.join('; ')}.`
}

/** Why a plugin cannot work with this Life-OS on this machine, by its manifest alone; null when it can. */
export function misfitOf(manifest: Manifest, sdk = SDK_VERSION): string | null {
  if (semver.validRange(manifest.sdk) === null)
    return `Its manifest asks for SDK "${manifest.sdk}", which is no version range: write for example "^${sdk}".`
  if (!semver.satisfies(sdk, manifest.sdk))
    return `It was made for SDK ${manifest.sdk}, this Life-OS has ${sdk}: ${semver.gtr(sdk, manifest.sdk) ? 'install a newer version of the plugin' : 'update Life-OS'}.`
  const platforms = manifest.requires?.platforms
  return platforms && !platforms.includes(process.platform) ? `It works on ${platforms.join(', ')}, not on ${process.platform}.` : null
}

/** What a person was not told of when they accepted the plugin is not there. */
const named =
  (ids: readonly string[]) =>
  ({ file }: { file: string }): boolean =>
    ids.includes(path.basename(file, '.yaml'))

async function readTexts(folder: string, kind: 'plans' | 'agents'): Promise<{ file: string; text: string }[]> {
  const names = await readdir(path.join(folder, kind)).catch(() => [])
  const files = names.filter((name) => name.endsWith('.yaml')).toSorted()
  return Promise.all(files.map(async (file) => ({ file, text: await readFile(path.join(folder, kind, file), 'utf8') })))
}

/** The parsed file, or what is wrong with it as the end of a sentence. */
async function readJson<T extends z.ZodType>(file: string, schema: T): Promise<z.output<T> | string> {
  try {
    const parsed = schema.safeParse(JSON.parse(await readFile(file, 'utf8')))
    if (parsed.success) return parsed.data
    const [issue] = parsed.error.issues
    return `is not valid: "${issue?.path.join('.') || 'the whole'}": ${issue?.message ?? 'unknown fault'}`
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? 'is missing'
      : `cannot be read: ${error instanceof Error ? error.message : String(error)}`
  }
}

/** So that a plugin whose manifest is broken can still be shown with the reason. */
export function unreadableManifest(name: string): Manifest {
  return {
    id: name,
    name,
    version: '0.0.0',
    sdk: '*',
    description: '',
    author: '',
    license: '',
    category: 'unknown',
    entry: 'index.js',
    permissions: [],
    tools: [],
    entities: [],
    plans: [],
    agents: [],
    views: [],
    providers: [],
  }
}

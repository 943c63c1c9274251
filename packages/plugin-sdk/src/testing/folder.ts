import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { builtinModules } from 'node:module'
import path from 'node:path'
import { Manifest } from '@life-os/contract'
import { isHarmlessBuiltin } from '../tool/index.ts'
import { qualityFaults } from './quality.ts'

/** The manifest of a plugin's folder, or what is wrong with it. */
export function readManifest(folder: string): { manifest: Manifest | null; faults: string[] } {
  const text = readText(folder, 'manifest.json')
  if (text === null) return { manifest: null, faults: ['manifest.json is missing: write it'] }
  try {
    const read = Manifest.safeParse(JSON.parse(text))
    if (!read.success)
      return {
        manifest: null,
        faults: read.error.issues.map((issue) => `manifest.json, ${issue.path.join('.') || 'the whole'}: ${issue.message}`),
      }
    return { manifest: read.data, faults: manifestFaults(folder, read.data) }
  } catch (error) {
    return { manifest: null, faults: [`manifest.json is no JSON: ${error instanceof Error ? error.message : String(error)}`] }
  }
}

function manifestFaults(folder: string, manifest: Manifest): string[] {
  return [
    ...(manifest.id === path.basename(folder)
      ? []
      : [`manifest.json says id "${manifest.id}", the folder is "${path.basename(folder)}": give both the same name`]),
    ...(existsSync(path.join(folder, manifest.entry)) ? [] : [`the entry ${manifest.entry} is missing`]),
    ...listFaults(folder, 'plans', manifest.plans),
    ...listFaults(folder, 'agents', manifest.agents),
  ]
}

/** Where `src/plans` or `src/agents` and the manifest's list of them differ. */
function listFaults(folder: string, kind: 'plans' | 'agents', named: readonly string[]): string[] {
  const shipped = yamlIn(folder, kind)
  return [
    ...shipped
      .filter((id) => !named.includes(id))
      .map((id) => `src/${kind}/${id}.yaml is not named under "${kind}" in manifest.json: add it`),
    ...named
      .filter((id) => !shipped.includes(id))
      .map((id) => `manifest.json names the ${kind.slice(0, -1)} ${id}, but src/${kind}/${id}.yaml is missing`),
  ]
}

/** Names, without their ending, of the YAML files in `src/plans` or `src/agents`. */
export function yamlIn(folder: string, kind: 'plans' | 'agents'): string[] {
  return listFiles(path.join(folder, 'src', kind))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => path.basename(file, '.yaml'))
}

/** The README must speak of every tool, plan and agent by its id. */
export function readmeFaults(folder: string, manifest: Manifest): string[] {
  const text = readText(folder, 'README.md')
  if (text === null) return ['README.md is missing: say what the plugin does, how to set it up, each tool by example, its limits']
  return [...manifest.tools, ...manifest.plans, ...manifest.agents]
    .filter((id) => !text.includes(id))
    .map((id) => `README.md does not mention ${id}: add it with an example`)
}

export function qualityFileFaults(folder: string): string[] {
  const text = readText(folder, 'quality.yaml')
  return text === null ? ['quality.yaml is missing: say of each rule whether it is done, todo or exempt'] : qualityFaults(text)
}

const IMPORT =
  /^[ \t]*(?:import|export)\b[^'";=]*?\bfrom\s*['"]([^'"\s]+)['"]|^[ \t]*import\s*['"]([^'"\s]+)['"]|\bimport\s*\(\s*['"`]([^'"`\s]+)['"`]|\brequire\s*\(\s*['"]([^'"\s]+)['"]/gm

/** Imports that a plugin may not have: anything but the SDK, Zod, its own files and dependencies, and harmless builtins. */
export function importFaults(folder: string): string[] {
  const own = dependenciesOf(folder)
  const sources = listFiles(path.join(folder, 'src')).filter((file) => /\.[cm]?[jt]sx?$/.test(file) && !/\.test\.[cm]?[jt]sx?$/.test(file))
  return sources.flatMap((file) => {
    const names = [...readFileSync(file, 'utf8').matchAll(IMPORT)].map((match) => match.slice(1).find((name) => name !== undefined) ?? '')
    return names.flatMap((name) => {
      const fault = importFault(name, file, folder, own)
      return fault === null ? [] : [`${path.relative(folder, file)} imports "${name}": ${fault}`]
    })
  })
}

function importFault(name: string, file: string, folder: string, own: ReadonlySet<string>): string | null {
  if (name.startsWith('.'))
    return path.resolve(path.dirname(file), name).startsWith(`${path.resolve(folder)}${path.sep}`)
      ? null
      : 'a plugin imports only its own files'
  if (name.startsWith('node:') || builtinModules.includes(name))
    return isHarmlessBuiltin(name) ? null : 'reach files, the network and programs through the host'
  const bare = name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/')
  if (bare === '@life-os/plugin-sdk') return name === bare ? null : 'only the SDK itself is for plugins'
  if (bare.startsWith('@life-os/')) return 'a plugin knows the SDK and itself'
  return own.has(bare) ? null : 'add it to the dependencies in its package.json'
}

function dependenciesOf(folder: string): ReadonlySet<string> {
  const text = readText(folder, 'package.json')
  const parsed = (text === null ? {} : JSON.parse(text)) as { dependencies?: Record<string, string> } // npm checks the rest of it
  return new Set(['zod', ...Object.keys(parsed.dependencies ?? {})])
}

/** Every file below a folder, sorted; none when it is missing. */
export function listFiles(folder: string): string[] {
  if (!existsSync(folder)) return []
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted()
}

function readText(folder: string, name: string): string | null {
  const file = path.join(folder, name)
  return existsSync(file) ? readFileSync(file, 'utf8') : null
}

import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { PluginV1 } from '@life-os/plugin-sdk'
import { importFaults, probeLoading, qualityFileFaults, readManifest, readmeFaults } from '@life-os/plugin-sdk/testing/checks'
import { agreementFaults, describeTool } from '@life-os/plugin-sdk/tool'

/** Everything about a plugin's folder that can be said without running its tools; each fault says what to do. */
export async function checkPlugin(folder: string): Promise<string[]> {
  const { manifest, faults } = readManifest(folder)
  if (!manifest) return faults
  const found = [...faults, ...importFaults(folder), ...readmeFaults(folder, manifest), ...qualityFileFaults(folder)]
  const { reached, unloaded, error } = await probeLoading(folder, manifest.entry)
  if (error !== undefined) return [...found, `its code cannot be loaded: ${error}`]
  if (reached.length > 0) found.push(`loading it reaches for ${reached.join(', ')}: do that in a tool, through the host`)
  if (!unloaded) found.push('it leaves something running after "stop": end timers and listeners there')
  const { default: plugin } = (await import(pathToFileURL(path.join(folder, manifest.entry)).href)) as { default: PluginV1 } // loaded by the probe already
  const tools = plugin.tools.map((tool) => describeTool(tool, { plugin: manifest.id, version: manifest.version }))
  return [...found, ...agreementFaults(manifest, tools)]
}

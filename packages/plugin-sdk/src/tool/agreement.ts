import type { Manifest, ToolDescription } from '@life-os/contract'
import { effectOfNeed, isWithin } from './deeds.ts'

/** Where a manifest and its code disagree, each as a sentence that says what to change; empty when they agree. */
export function agreementFaults(manifest: Manifest, tools: readonly ToolDescription[]): string[] {
  const declared = new Set(manifest.tools)
  const present = new Set(tools.map((tool) => tool.id))
  return [
    ...repeated(tools.map((tool) => tool.id)).map((id) => `the code defines ${id} twice: rename or remove one`),
    ...[...declared]
      .filter((id) => !present.has(id))
      .map((id) => `manifest.json names ${id}, the code has no such tool: add it or take the name out`),
    ...[...present]
      .filter((id) => !declared.has(id))
      .map((id) => `the code defines ${id}, manifest.json does not name it: add it under "tools"`),
    ...tools.flatMap((tool) => toolFaults(manifest, tool)),
  ]
}

function toolFaults(manifest: Manifest, tool: ToolDescription): string[] {
  const faults: string[] = []
  if (!tool.id.startsWith(`${manifest.id}.`)) faults.push(`${tool.id} must begin with "${manifest.id}."`)
  const permitted = new Set(manifest.permissions.map(({ permission }) => kindOf(permission)))
  for (const kind of Object.keys(tool.needs)) {
    if (!isWithin(effectOfNeed(kind), tool.effect))
      faults.push(`${tool.id} needs ${kind}, which is at least "${effectOfNeed(kind)}", but declares "${tool.effect}": raise its effect`)
    if (!permitted.has(kind))
      faults.push(`${tool.id} needs ${kind}, which manifest.json does not list under "permissions": add it with a reason`)
  }
  if (tool.effect === 'external' && tool.reversal === 'exact')
    faults.push(`${tool.id} is external and claims an exact reversal: only what the host restores is exact`)
  if (tool.reversal === 'compensate' && !tool.compensates)
    faults.push(`${tool.id} claims to be compensated but has no compensate function: add it`)
  return faults
}

/** `fs.write` of `fs.write:**`. */
export const kindOf = (permission: string): string => permission.slice(0, permission.includes(':') ? permission.indexOf(':') : undefined)

function repeated(ids: readonly string[]): string[] {
  return [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))]
}

import type { Manifest, ToolDescription } from '@life-os/contract'
import { isWithin } from './deeds.ts'
import { narrowing } from './narrowing.ts'

export type VersionPart = 'major' | 'minor' | 'patch'
/** One difference that whoever uses the plugin may notice, and the part of the version that must rise for it. */
export interface Difference {
  part: VersionPart
  text: string
}
/** `tools`: as its code describes them; null where it was not run, then only what the manifest says is compared. */
export interface Release {
  manifest: Manifest
  tools: readonly ToolDescription[] | null
}

/** What changed between two releases, worst first. Reads data alone. */
export function differences(before: Release, after: Release): Difference[] {
  return [
    ...goneAndNew(before, after),
    ...widened(before.manifest, after.manifest),
    ...toolChanges(before.tools ?? [], after.tools),
  ].toSorted((a, b) => RANK[b.part] - RANK[a.part])
}

/** Differences that the new version number does not admit, each as a sentence; before 1.0.0 the minor part stands for the major. */
export function compatibilityFaults(before: Release, after: Release): string[] {
  const risen = risenPart(before.manifest.version, after.manifest.version)
  const zero = before.manifest.version.startsWith('0.')
  return differences(before, after).flatMap(({ part, text }) => {
    const needed = zero && part === 'major' ? 'minor' : part
    if (risen !== null && RANK[risen] >= RANK[needed]) return []
    return [`${text}: the ${needed} version must rise (from ${before.manifest.version}, it is ${after.manifest.version}).`]
  })
}

/** Permissions of `after` that nothing in `before` covers. */
export function addedPermissions(before: readonly string[], after: readonly string[]): string[] {
  return after.filter((permission) => !before.some((one) => coversAll(one, permission)))
}

const RANK: Record<VersionPart, number> = { patch: 0, minor: 1, major: 2 }

function goneAndNew(before: Release, after: Release): Difference[] {
  const lists = ['tools', 'plans', 'agents', 'entities', 'providers'] as const
  return lists.flatMap((list) => {
    const word = list === 'entities' ? 'entity' : list.slice(0, -1)
    const had = before.manifest[list]
    const has = after.manifest[list]
    return [
      ...had.filter((id) => !has.includes(id)).map((id): Difference => ({ part: 'major', text: `the ${word} ${id} is gone` })),
      ...has.filter((id) => !had.includes(id)).map((id): Difference => ({ part: 'minor', text: `the ${word} ${id} is new` })),
    ]
  })
}

function widened(before: Manifest, after: Manifest): Difference[] {
  const had = before.permissions.map(({ permission }) => permission)
  const added = addedPermissions(
    had,
    after.permissions.map(({ permission }) => permission),
  )
  return added.map((permission) => ({ part: 'minor', text: `it asks for ${permission}, which it did not before` }))
}

function toolChanges(before: readonly ToolDescription[], after: readonly ToolDescription[] | null): Difference[] {
  return (after ?? []).flatMap((tool) => {
    const had = before.find(({ id }) => id === tool.id)
    return had === undefined ? [] : toolDifferences(had, tool)
  })
}

function toolDifferences(had: ToolDescription, tool: ToolDescription): Difference[] {
  const found: Difference[] = []
  const input = narrowing(had.input, tool.input)
  if (input !== null) found.push({ part: 'major', text: `${tool.id} takes less: in its input ${input}` })
  const output = narrowing(tool.output, had.output, true)
  if (output !== null) found.push({ part: 'major', text: `${tool.id} answers otherwise than before: in its output ${output}` })
  if (!isWithin(tool.effect, had.effect)) found.push({ part: 'major', text: `${tool.id} does more: "${tool.effect}", not "${had.effect}"` })
  const needs = Object.keys(tool.needs).filter((kind) => !Object.hasOwn(had.needs, kind))
  if (needs.length > 0) found.push({ part: 'minor', text: `${tool.id} needs ${needs.join(', ')}, which it did not before` })
  return found
}

function risenPart(before: string, after: string): VersionPart | null {
  const [was, is] = [before, after].map((version) => version.split('.').map(Number)) as [number[], number[]] // two of them, as given
  const at = is.findIndex((part, index) => part !== was[index])
  if (at < 0 || (is[at] ?? 0) < (was[at] ?? 0)) return null
  return (['major', 'minor', 'patch'] as const)[at] ?? null
}

/** Whether one permission covers everything another one does; in doubt it does not. */
function coversAll(wide: string, narrow: string): boolean {
  if (wide === narrow) return true
  const [kind, pattern] = split(wide)
  const [otherKind, other] = split(narrow)
  if (kind !== otherKind && !(kind === 'fs.write' && otherKind === 'fs.read')) return false
  if (pattern === '**' || pattern === '*' || pattern === other) return true
  if (kind === 'net') return coversPlace(pattern, other)
  return (
    pattern.endsWith('/**') &&
    other.startsWith(pattern.slice(0, -2)) &&
    !/[*?[\]{}()!+@]/.test(pattern.slice(0, -2)) &&
    !other.includes('..')
  )
}

function coversPlace(wide: string, narrow: string): boolean {
  const [host = '', port = '*'] = wide.split(/:(?=[^:]*$)/)
  const [otherHost = '', otherPort = '*'] = narrow.split(/:(?=[^:]*$)/)
  const sameHost =
    host === '*' || host === otherHost || (host.startsWith('*.') && !otherHost.includes('*') && otherHost.endsWith(host.slice(1)))
  return sameHost && (port === '*' || port === otherPort)
}

function split(permission: string): [string, string] {
  const at = permission.indexOf(':')
  return at < 0 ? [permission, '**'] : [permission.slice(0, at), permission.slice(at + 1)]
}

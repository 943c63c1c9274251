import path from 'node:path'
import { LifeOsError } from '@life-os/contract'
import type { Manifest, Need } from '@life-os/contract'
import { kindOf } from '@life-os/plugin-sdk/tool'
import type { TestHostOptions } from '@life-os/plugin-sdk/testing/checks'
import { needsOf } from '../gate/index.ts'
import type { CallScope } from '../host/index.ts'

/** What one example may reach: what its tool declares for this input, and of that only what lies in the world of examples. */
export function allowedIn({ tool, input, allow, world }: TestHostOptions): Need[] {
  return allow === 'nothing' ? [] : needsOf(tool, input).filter((need) => isInWorld(need, world))
}

/** A stranger's example may name any path or address of this machine: none outside of the world is served. */
export function isInWorld({ kind, resource }: Need, world: TestHostOptions['world']): boolean {
  if (kind === 'fs.read' || kind === 'fs.write')
    return path.normalize(resource) === resource && (resource === world.home || resource.startsWith(world.home + path.sep))
  if (kind === 'net') return world.places.includes(resource)
  if (kind === 'secret.use' || kind === 'secret.read') return world.secrets.some(({ name }) => name === resource)
  return kind === 'exec' // in its box, with mounts that are paths again
}

/** `host.request` of an example: a yes to all that the manifest names and the world has. */
export function grant(scope: { allowed: Need[] }, wanted: unknown, { manifest, allow, world }: TestHostOptions): void {
  for (const need of wanted as Need[]) {
    // the host client sends what the tool gave; each is looked at here
    if (allow === 'nothing' || !isInWorld(need, world) || !isListed(need, manifest))
      throw new LifeOsError('permission-denied', `${need.kind}:${need.resource} was not allowed.`, { applied: 'no' })
    scope.allowed.push(need)
  }
}

const isListed = ({ kind }: Need, { permissions }: Manifest): boolean => permissions.some(({ permission }) => kindOf(permission) === kind)

export function scopeFor(options: TestHostOptions, ids: { run: string; key: string }): CallScope & { allowed: Need[] } {
  const { tool } = options
  return {
    run: ids.run,
    path: 'example',
    try: 1,
    plugin: tool.plugin,
    pluginVersion: tool.version,
    tool: tool.id,
    key: ids.key,
    effect: tool.effect,
    reversal: tool.reversal,
    allowed: allowedIn(options),
    labels: [],
  }
}

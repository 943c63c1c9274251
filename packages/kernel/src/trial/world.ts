import path from 'node:path'
import { LifeOsError } from '@life-os/contract'
import type { Manifest, Need } from '@life-os/contract'
import { kindOf } from '@life-os/plugin-sdk/tool'
import type { TestHostOptions } from '@life-os/plugin-sdk/testing/checks'
import { needsOf } from '../gate/index.ts'

/** What one example may reach: what its tool declares for this input, and of that only what lies in the world of examples. */
export function allowedIn({ tool, input, allow, world }: TestHostOptions): Need[] {
  return allow === 'nothing' ? [] : needsOf(tool, input, () => world.settings).filter((need) => isInWorld(need, world))
}

/** A stranger's example may name any path or address of this machine: none outside of the world is served. */
export function isInWorld({ kind, resource }: Need, world: TestHostOptions['world']): boolean {
  if (kind === 'fs.read' || kind === 'fs.write')
    return path.normalize(resource) === resource && (resource === world.home || resource.startsWith(world.home + path.sep))
  if (kind === 'net') return world.places.includes(resource)
  if (kind === 'browser') return world.places.includes(URL.parse(resource)?.host ?? '')
  if (kind === 'secret.use' || kind === 'secret.read') return world.secrets.some(({ name }) => name === resource)
  return kind === 'exec' || kind === 'model' // a command in its box, with mounts that are paths again; a model as fixtures/models.json scripts it
}

/** What `host.request` of an example comes to: a yes to what the manifest names and the world has. Error: `permission-refused`. */
export function answerTo(wanted: readonly Need[], { manifest, allow, world }: TestHostOptions): readonly Need[] {
  const refused = wanted.find((need) => allow === 'nothing' || !isInWorld(need, world) || !isListed(need, manifest))
  if (!refused) return wanted
  throw new LifeOsError('permission-refused', `${refused.kind}:${refused.resource} was not allowed.`, { applied: 'no' })
}

const isListed = ({ kind }: Need, { permissions }: Manifest): boolean => permissions.some(({ permission }) => kindOf(permission) === kind)

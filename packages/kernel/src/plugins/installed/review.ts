import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Manifest, ManifestPermission, PendingPlugin, PermissionDiff } from '@life-os/contract'
import { addedPermissions, compatibilityFaults } from '@life-os/plugin-sdk/tool'
import type { Release } from '@life-os/plugin-sdk/tool'
import { compileGlob } from '../../globs/index.ts'
import { misfitOf } from '../discover.ts'
import { schemaFaults } from '../settings/schema.ts'
import type { Install } from './rows.ts'

const KINDS = /^(fs\.read|fs\.write|net|exec|secret\.use|secret\.read|model|browser|entity\.read|entity\.write|device|home|spend)(:\S.*)?$/
const LONGEST_PERMISSION = 500
const MOST_PERMISSIONS = 100
/** The kernel's own tools and grants go by this name. */
const RESERVED = 'life-os'

/** What a person sees of a version that waits, from its manifest alone: its code has not run. `before`: the accepted one. */
export function review(install: Install, folder: string, before: (Release & { accepted: readonly string[] }) | null): PendingPlugin {
  const { manifest, digest, source, at } = install
  return {
    manifest,
    digest,
    source,
    at,
    permissions: permissionDiff(before?.manifest.permissions ?? [], before?.accepted ?? [], manifest.permissions),
    faults: faultsOf(manifest),
    remarks: [
      ...(existsSync(path.join(folder, 'README.md')) ? [] : ['It has no README.md: nothing says what it does and where its limits are.']),
      ...(before === null ? [] : compatibilityFaults(before, { manifest, tools: null })),
      ...(before?.manifest.version === manifest.version ? [`Its version is still ${manifest.version}, but it is not the same.`] : []),
    ],
  }
}

/** `accepted`: what a person said yes to; only that counts as had before. */
function permissionDiff(
  had: readonly ManifestPermission[],
  accepted: readonly string[],
  has: readonly ManifestPermission[],
): PermissionDiff {
  const added = new Set(
    addedPermissions(
      accepted,
      has.map(({ permission }) => permission),
    ),
  )
  const names = new Set(has.map(({ permission }) => permission))
  return {
    added: has.filter(({ permission }) => added.has(permission)),
    kept: has.filter(({ permission }) => !added.has(permission)),
    removed: had.filter(({ permission }) => !names.has(permission)),
  }
}

function faultsOf(manifest: Manifest): string[] {
  const misfit = misfitOf(manifest)
  const strange = manifest.permissions.filter(({ permission }) => !KINDS.test(permission) || permission.length > LONGEST_PERMISSION)
  const hard = manifest.permissions.filter(({ permission }) => compileGlob(permission.slice(0, LONGEST_PERMISSION)) === null)
  const foreign = manifest.tools.filter((tool) => !tool.startsWith(`${manifest.id}.`))
  return [
    ...(misfit === null ? [] : [misfit]),
    ...(manifest.id === RESERVED ? [`No plugin may be called ${RESERVED}: that is what Life-OS itself is called.`] : []),
    ...(manifest.permissions.length > MOST_PERMISSIONS ? [`It asks for more than ${MOST_PERMISSIONS} permissions.`] : []),
    ...hard.map(({ permission }) => `It asks for ${JSON.stringify(permission.slice(0, 100))}: leave out !( ) and use fewer wildcards.`),
    ...strange.map(
      ({ permission }) => `It asks for ${JSON.stringify(permission.slice(0, 100))}, which is no permission that Life-OS knows.`,
    ),
    ...foreign.map((tool) => `Its tool ${tool} must begin with "${manifest.id}.".`),
    ...(manifest.settings === undefined ? [] : schemaFaults(manifest.settings).map((fault) => `Its settings: ${fault}`)),
  ]
}

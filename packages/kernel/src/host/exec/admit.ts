import { coversPlace } from '../net/address.ts'
import { checkDenied, checkMounted } from '../paths/denied.ts'
import { fault, pathReserved } from '../paths/faults.ts'
import { absolutePath, isWithin, joinPath, parentOf, rebase } from '../paths/path.ts'
import { VOLUME_TRASH, checkPath } from '../paths/scope.ts'
import type { CallScope } from '../types.ts'
import type { RunCommand } from './arguments.ts'
import type { ExecContext } from './context.ts'

/** A folder that a command sees: where it really is, and under which path it asked for it. */
export interface Mount {
  real: string
  to: string
  access: 'read' | 'write'
}

/** Places inside a box that belong to the box. */
export const OF_THE_BOX = ['/proc', '/sys', '/dev', '/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/etc', '/run', '/boot', '/work']

/** A program is allowed by its exact name. Error: `program-not-allowed`. */
export function admitProgram(scope: CallScope, program: string): void {
  if (scope.allowed.some((need) => need.kind === 'exec' && need.resource === program)) return
  throw fault('program-not-allowed', `${scope.tool} may not run ${program} in this call; name it under exec in the tool's needs.`, {
    details: { permission: `exec:${program}` },
  })
}

/**
 * Checks a folder as asked and as it really is, all links resolved: what was allowed under one name is not what another
 * leads to. Life-OS's own folder and what a grant denies are neither mounted nor below what is. `copied`: the command sees a copy, and
 * what it changed is checked when it is brought back. `taken`: places that the box has of its own. Errors: `path-not-allowed`, `path-reserved`, `not-a-folder`.
 */
export async function admitFolder(
  context: ExecContext,
  asked: string,
  access: 'read' | 'write',
  { copied = false, taken = OF_THE_BOX }: { copied?: boolean; taken?: readonly string[] } = {},
): Promise<Mount> {
  const { scope, disk, view } = context
  const kind = access === 'read' ? 'fs.read' : 'fs.write'
  const path = absolutePath(asked)
  checkPath(scope, disk.home, kind, path)
  const real = parentOf(await view.canonical(joinPath(path, 'x')))
  if (real !== path) checkPath(scope, disk.home, kind, real, path)
  if (isWithin(disk.home, real)) throw pathReserved(path)
  for (const place of [path, real])
    if (place === '/' || taken.some((own) => isWithin(place, own)))
      throw fault('mount-not-allowed', `${place} belongs to the system, and every box has its own; name a folder of yours.`, {
        details: { path: place },
      })
  const entry = await view.entry(real)
  if (entry?.kind !== 'folder')
    throw fault(entry ? 'not-a-folder' : 'path-missing', `${asked} is ${entry ? 'not a folder' : 'not there'}; name a folder.`, {
      details: { path: asked },
    })
  if ((await view.entries(real).then((entries) => [...entries.keys()])).some((name) => name.startsWith(VOLUME_TRASH)))
    throw pathReserved(real)
  for (const place of new Set([path, real])) await checkMounted(scope, view, { path: place, kind, bare: access === 'write' && !copied })
  return { real, to: path, access }
}

/** All mounts, outer folders first, so that an inner one is not hidden. */
export async function admitMounts(context: ExecContext, mounts: RunCommand['mounts'], most: 'read' | 'write'): Promise<Mount[]> {
  const admitted: Mount[] = []
  for (const { path, access } of mounts ?? []) {
    if (access === 'write' && most === 'read')
      throw fault('arguments-invalid', `${path} cannot be mounted for writing here; mount it for reading, or use exec.run.`)
    admitted.push(await admitFolder(context, path, access))
  }
  return admitted.toSorted((a, b) => a.to.length - b.to.length)
}

/** The working folder: a mounted one as it is called inside, or what `none` says. Error: `arguments-invalid`. */
export function workingFolder(asked: string | undefined, mounts: readonly Mount[], none: string): string {
  if (asked === undefined) return mounts[0]?.to ?? none
  const path = absolutePath(asked)
  if (isWithin(path, '/work') || mounts.some((mount) => isWithin(path, mount.to))) return path
  const mount = mounts.find((candidate) => isWithin(path, candidate.real))
  if (mount) return rebase(path, mount.real, mount.to)
  throw fault('arguments-invalid', `The working folder ${path} is not mounted; add it to mounts.`)
}

/** Where a command may connect to. Error: `address-not-allowed`. */
export function admitNetwork({ scope }: ExecContext, network: readonly string[]): string[] {
  for (const place of network) {
    const [host, port] = splitPlace(place)
    const allowed = scope.allowed.some((need) => need.kind === 'net' && coversPlace(need.resource, host, port))
    if (!allowed)
      throw fault('address-not-allowed', `${place} is outside what was allowed for this call; allow net:${place}.`, {
        details: { permission: `net:${place}` },
      })
    checkDenied(scope, { kind: 'net', resource: place })
  }
  return [...new Set(network)].toSorted()
}

/** Secrets that the proxy may add. Errors: `secret-not-allowed`, `arguments-invalid`. */
export function admitAuth(scope: CallScope, auth: RunCommand['auth'], network: readonly string[]): string[] {
  for (const { host, secret, as, name } of auth ?? []) {
    if (!scope.allowed.some((need) => need.kind === 'secret.use' && need.resource === secret))
      throw fault(
        'secret-not-allowed',
        `${scope.tool} may not use the secret ${secret} in this call; name it under secret.use in its needs.`,
        {
          details: { permission: `secret.use:${secret}` },
        },
      )
    if (!network.includes(authPlace(host)))
      throw fault('arguments-invalid', `A secret is meant for ${authPlace(host)}, which is not in network; add it there.`)
    if ((as === 'header' || as === 'query') && name === undefined)
      throw fault('arguments-invalid', `A secret sent as ${as} needs the name of the ${as === 'header' ? 'header' : 'field'}.`)
  }
  return [...new Set((auth ?? []).map(({ secret }) => secret))].toSorted()
}

/** `host:port` of the secured side of an `auth` host: port 443 unless it names another. */
export const authPlace = (host: string): string => (/:\d+$/.test(host) ? host : `${host}:443`)

export function splitPlace(place: string): [host: string, port: string] {
  const at = place.lastIndexOf(':')
  return [place.slice(0, at), place.slice(at + 1)]
}

import type { LifeOsError, Need } from '@life-os/contract'
import type { Denial } from '../../gate/index.ts'
import type { Entry } from '../disk/entry.ts'
import type { View } from '../disk/view.ts'
import { createPacer } from '../fs/listing.ts'
import type { CallScope } from '../types.ts'
import { fault } from './faults.ts'
import { joinPath, rebase } from './path.ts'

type Place = 'fs.read' | 'fs.write'

/** Refuses what a grant denies within what the call was allowed. Errors: `path-not-allowed`, `address-not-allowed`. */
export function checkDenied(scope: CallScope, need: Need, asked = need.resource): void {
  const denial = scope.denies?.of(need, scope.allowed)
  if (denial) throw deniedFault(denial, need, asked)
}

function deniedFault({ rule, permission, grant }: Denial, { kind, resource }: Need, asked: string): LifeOsError {
  const what = asked === resource ? resource : `${asked} (${resource})`
  const sentence =
    rule === 'grant-deny'
      ? `A grant forbids ${kind} on ${what}: “${permission}”. Revoke it to allow this.`
      : `A grant says to ask before ${kind} on ${what}: “${permission}”. Name this place itself in the step, so that a person can be asked.`
  return fault(kind === 'net' ? 'address-not-allowed' : 'path-not-allowed', sentence, {
    details: { path: resource, asked, permission: `${kind}:${resource}`, rule, grant },
  })
}

/** The same view without the content of what is denied: it is listed, and marked with the reason. */
export function withoutDenied(view: View, scope: CallScope): View {
  const { denies } = scope
  if (!denies) return view
  const reads = (path: string): void => checkDenied(scope, { kind: 'fs.read', resource: path })
  return {
    canonical: (path) => view.canonical(path),
    entry: (path) => view.entry(path),
    numberFrom: (wished) => view.numberFrom(wished),
    foundNumber: (wished, number) => view.foundNumber(wished, number),
    async entries(folder) {
      reads(folder)
      const entries = await view.entries(folder)
      const marked = new Map<string, Entry>()
      for (const [name, entry] of entries) {
        const need = { kind: 'fs.read', resource: joinPath(folder, name) }
        const denial = denies.of(need, scope.allowed)
        marked.set(name, denial ? { ...entry, denied: deniedFault(denial, need, need.resource).message } : entry)
      }
      return marked
    },
    async content(path) {
      reads(path)
      return view.content(path)
    },
  }
}

export interface Taken {
  path: string
  kind: Place
  /** Where it comes to lie. */
  to?: string
}

/** A place that is taken whole: nothing in it, nor where it comes to lie, may be denied. Error: `path-not-allowed`. */
export async function checkTaken(scope: CallScope, view: View, { path, kind, to }: Taken, signal?: AbortSignal): Promise<void> {
  if (!scope.denies) return
  const check = (at: string): void => {
    checkDenied(scope, { kind, resource: at }, path)
    if (to !== undefined) checkDenied(scope, { kind: 'fs.write', resource: rebase(at, path, to) }, to)
  }
  check(path)
  if (!mayHold(scope, kind, path) && (to === undefined || !mayHold(scope, 'fs.write', to))) return
  const pace = createPacer()
  const walk = async (folder: string): Promise<void> => {
    signal?.throwIfAborted()
    await pace()
    for (const [name, entry] of await view.entries(folder)) {
      const at = joinPath(folder, name)
      check(at)
      if (entry.kind === 'folder') await walk(at)
    }
  }
  if ((await view.entry(path))?.kind === 'folder') await walk(path)
}

function mayHold({ denies, allowed }: CallScope, kind: Place, folder: string): boolean {
  return Boolean(denies?.namedBelow(kind, folder, allowed) ?? denies?.matchesBelow(kind, folder, allowed))
}

/**
 * A folder that a command is given: what the command does in it is not looked at one by one. Places that are denied by name
 * must not lie in it, nor, where the command itself writes there, places that a pattern denies. Error: `path-not-allowed`.
 */
export async function checkMounted(
  scope: CallScope,
  view: View,
  { path, kind, bare }: { path: string; kind: Place; bare: boolean },
): Promise<void> {
  const { denies, allowed } = scope
  if (!denies) return
  const found = denies.namedBelow(kind, path, allowed) ?? (bare ? denies.matchesBelow(kind, path, allowed) : null)
  if (found)
    throw fault(
      'path-not-allowed',
      `A command is given ${path} whole, and the grant “${found.permission}” ${found.rule === 'grant-deny' ? 'forbids' : 'says to ask before'} a part of it. Name a folder beside that part.`,
      { details: { path, permission: `${kind}:${path}`, rule: found.rule, grant: found.grant } },
    )
  await checkTaken(scope, view, { path, kind })
}

import { homedir } from 'node:os'
import { dirname } from 'node:path'
import { describePermission, type Approval, type Need } from '@life-os/contract'
import { covers, isGlob, literal, narrowness, parsePermission, permissionFor } from './permissions.ts'

export type Offer = Approval['offers'][number]

/** More exact names than this are offered by their folders alone. */
const NAMED_MOST = 8
const OFFERED_MOST = 20

/**
 * What "always here" may remember for needs, narrowest first: the exact place and the folder it lies in, the exact
 * `host:port`, the exact name. Never a whole disk, a home or a pattern over names.
 */
export function offersOf(needs: readonly Need[], home: string = homedir()): Offer[] {
  const many = needs.length > NAMED_MOST
  const permissions = new Set(needs.flatMap((need) => (need.kind.startsWith('fs.') ? placesFor(need, home, many) : exactFor(need))))
  return [...permissions]
    .toSorted((a, b) => narrowness(parsePermission(b)) - narrowness(parsePermission(a)) || (a < b ? -1 : 1))
    .slice(0, OFFERED_MOST)
    .map((permission) => ({ permission, title: describePermission(permission, { home }).title }))
}

/** The narrowest offers that together cover what is needed; what no offer covers is left out. */
export function narrowestOffers(needs: readonly Need[], offers: readonly Offer[]): string[] {
  const chosen = needs.flatMap((need) => offers.find(({ permission }) => covers(parsePermission(permission), need))?.permission ?? [])
  return [...new Set(chosen)]
}

function placesFor({ kind, resource }: Need, home: string, many: boolean): string[] {
  const wild = resource.indexOf('*') // the one wildcard of a need: every other character is a letter of its name
  const exact = wild < 0 && !many ? [permissionFor({ kind, resource })] : []
  const folder = wild < 0 ? dirname(resource) : resource.slice(0, Math.max(0, resource.lastIndexOf('/', wild)))
  return isNarrow(folder, home) ? [...exact, `${kind}:${literal(folder)}/**`] : exact
}

/** A folder below a home or two levels down: not a disk, not all homes, not a home itself. */
function isNarrow(folder: string, home: string): boolean {
  const depth = folder.split('/').filter(Boolean).length
  const isHome = folder === home || home.startsWith(`${folder}/`) || (depth === 2 && /^\/(?:home|Users)\//.test(folder))
  return folder.startsWith('/') && depth >= 2 && !isHome
}

const exactFor = ({ kind, resource }: Need): string[] =>
  resource === '' || isGlob(resource.replace(/\[[0-9a-f:.]*\]/i, '')) ? [] : [`${kind}:${resource}`]

import type { Need } from '@life-os/contract'
import type { CallScope } from '../types.ts'
import { fault, pathReserved } from './faults.ts'
import { checkDenied } from './denied.ts'
import { isWithin } from './path.ts'

/** The folders that hold what was removed on volumes other than that of LIFEOS_HOME. */
export const VOLUME_TRASH = '.life-os-trash-'

/** Whether a path is Life-OS's own: its home, or a trash folder of a volume. */
export function isReserved(path: string, home: string): boolean {
  return isWithin(path, home) || path.includes(`/${VOLUME_TRASH}`)
}

/**
 * A resource covers its own path and everything below. `*` stands for a part of one name, `**` for any number of names;
 * every other character stands for itself, and a name that really holds a star is also matched literally.
 */
export function covers(resource: string, path: string): boolean {
  if (isWithin(path, resource)) return true
  if (!resource.includes('*')) return false
  if (resource.endsWith('/**') && !resource.slice(0, -3).includes('*')) return isWithin(path, resource.slice(0, -3) || '/')
  return segmentsMatch(resource.split('/').slice(1), path.split('/').slice(1))
}

function segmentsMatch(pattern: readonly string[], names: readonly string[]): boolean {
  const [first, ...rest] = pattern
  if (first === undefined) return true
  if (first === '**') return names.some((_, at) => segmentsMatch(rest, names.slice(at))) || rest.length === 0
  const [name, ...below] = names
  return name !== undefined && nameMatches(first, name) && segmentsMatch(rest, below)
}

/** Linear: each literal piece is searched once, from left to right. */
export function nameMatches(pattern: string, name: string): boolean {
  const pieces = pattern.split('*')
  if (pieces.length === 1) return pattern === name
  const first = pieces[0] ?? ''
  const last = pieces.at(-1) ?? ''
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false
  let at = first.length
  for (const piece of pieces.slice(1, -1)) {
    const found = name.indexOf(piece, at)
    if (found < 0 || found + piece.length > name.length - last.length) return false
    at = found + piece.length
  }
  return true
}

const grantsPath = (need: Need, kind: 'fs.read' | 'fs.write', path: string): boolean =>
  (need.kind === kind || (kind === 'fs.read' && need.kind === 'fs.write')) && covers(need.resource, path)

/** Checks one path, whose links are resolved or not, against what was decided for this call. */
export function checkPath(scope: CallScope, home: string, kind: 'fs.read' | 'fs.write', path: string, asked = path): void {
  if (isReserved(path, home)) throw pathReserved(path)
  if (scope.allowed.some((need) => grantsPath(need, kind, path))) return checkDenied(scope, { kind, resource: path }, asked)
  const why =
    path === asked ? 'is outside what was allowed for this call' : `leads to ${path}, which is outside what was allowed for this call`
  throw fault('path-not-allowed', `${asked} ${why}; add it to the tool's needs or allow ${kind}:${path}.`, {
    details: { path, asked, permission: kind },
  })
}

/** A tool that declared less than it does is stopped (deeds, not claims). */
export function checkEffect(scope: CallScope, least: 'write' | 'external', service: string): void {
  const order = ['read', 'write', 'external']
  if (order.indexOf(scope.effect) >= order.indexOf(least)) return
  throw fault(
    'effect-not-declared',
    `${scope.tool} is declared as ${scope.effect} and may not call ${service}; declare its effect as ${least}.`,
  )
}

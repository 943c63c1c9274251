import picomatch from 'picomatch'
import type { Need } from '@life-os/contract'

/** `kind:pattern`. The pattern of fs kinds is a path glob, of `net` a `host:port` where either may be `*`. */
export interface Permission {
  kind: string
  pattern: string
}

export function parsePermission(text: string): Permission {
  const at = text.indexOf(':')
  return at < 0 ? { kind: text, pattern: '**' } : { kind: text.slice(0, at), pattern: text.slice(at + 1) }
}

/** Who may write may read the same place. */
const IMPLIES: Record<string, string[]> = { 'fs.write': ['fs.write', 'fs.read'], 'entity.write': ['entity.write', 'entity.read'] }

const matchers = new Map<string, (resource: string) => boolean>()
const MATCHERS_KEPT = 2000

function matcherOf(pattern: string): (resource: string) => boolean {
  const known = matchers.get(pattern)
  if (known) return known
  const compiled = compile(pattern)
  if (matchers.size >= MATCHERS_KEPT) matchers.clear()
  matchers.set(pattern, compiled)
  return compiled
}

function compile(pattern: string): (resource: string) => boolean {
  if (pattern === '**' || pattern === '*') return () => true
  const folder = pattern.endsWith('/**') ? pattern.slice(0, -3) : null
  if (folder !== null && !/[*?[\]{}()!+@]/.test(folder)) return (resource) => resource === folder || resource.startsWith(`${folder}/`)
  if (!/[*?[\]{}()!+@]/.test(pattern)) return (resource) => resource === pattern
  const glob = picomatch(pattern, { dot: true, nonegate: true })
  return (resource) => resource === pattern || glob(resource)
}

function matchesNet(pattern: string, resource: string): boolean {
  const [host = '', port = '*'] = splitHost(pattern)
  const [givenHost = '', givenPort = ''] = splitHost(resource)
  const hostMatches = host === '*' || host === givenHost || (host.startsWith('*.') && givenHost.endsWith(host.slice(1)))
  return hostMatches && (port === '*' || port === givenPort)
}

function splitHost(text: string): [string, string | undefined] {
  const at = text.lastIndexOf(':')
  if (at < 0 || text.endsWith(']')) return [text.toLowerCase(), undefined]
  return [text.slice(0, at).toLowerCase(), text.slice(at + 1)]
}

/** Whether a permission covers one exact need. */
export function covers(permission: Permission, need: Need): boolean {
  const kinds = IMPLIES[permission.kind] ?? [permission.kind]
  if (!kinds.includes(need.kind)) return false
  if (need.kind === 'net') return permission.pattern === '**' || matchesNet(permission.pattern, need.resource)
  return matcherOf(permission.pattern)(need.resource)
}

/** Longer literal beginnings are narrower; an exact pattern is narrowest. */
export function narrowness(permission: Permission): number {
  const wild = permission.pattern.search(/[*?[{]/)
  return wild < 0 ? 1_000_000 + permission.pattern.length : wild
}

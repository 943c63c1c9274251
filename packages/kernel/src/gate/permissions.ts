import picomatch from 'picomatch'
import type { Effect, Need, Verdict } from '@life-os/contract'
import { compileGlob } from '../globs/index.ts'

/**
 * `kind:pattern`, or `kind@effect:pattern` for calls of that effect alone. The pattern of fs kinds is a path glob, of `net` a
 * `host:port` where either may be `*`.
 */
export interface Permission {
  kind: string
  pattern: string
  effect?: string
}

export function parsePermission(text: string): Permission {
  const known = parsed.get(text)
  if (known) return known
  const fresh = split(text)
  if (parsed.size >= KEPT) parsed.clear()
  parsed.set(text, fresh)
  return fresh
}

/** Every call is held against every grant, and grants change seldom. */
const KEPT = 2000
const parsed = new Map<string, Permission>()

function split(text: string): Permission {
  const at = text.indexOf(':')
  const [kind = '', effect] = (at < 0 ? text : text.slice(0, at)).split('@')
  return { kind, pattern: at < 0 ? '**' : text.slice(at + 1), ...(effect !== undefined && { effect }) }
}

/** Who may write may read the same place; so who may not read may not write it either. */
const READ_OF: Record<string, string> = { 'fs.write': 'fs.read', 'entity.write': 'entity.read' }

function concerns(kind: string, need: string, verdict: Verdict): boolean {
  return kind === need || (verdict === 'allow' ? READ_OF[kind] === need : READ_OF[need] === kind)
}

/** Whether a text is more than its own letters: wildcards, sets, alternatives. What a backslash stands before is a letter. */
export const isGlob = (text: string): boolean => GLOB.test(text.replace(ESCAPES, '.'))
const GLOB = /[*?[\]{}]|[!+@]\(/
const ESCAPES = /\\[\\*?[\]{}!+@]/g

/** A name as a pattern that covers this name alone. */
export const literal = (name: string): string => name.replace(/[\\*?[\]{}]|[!+@](?=\()/g, '\\$&')
/** The name that a pattern without wildcards stands for. */
export const unescaped = (pattern: string): string => pattern.replace(ESCAPES, (pair) => pair.slice(1))

/**
 * The permission that covers this need and no other. A need that ends with `/**` stands for a folder and all below it, as the
 * host takes it.
 */
export function permissionFor({ kind, resource }: Need): string {
  if (kind === 'net') return `${kind}:${resource}` // its only wildcards are the host and the port as a whole
  const folder = kind.startsWith('fs.') && resource.endsWith('/**') ? resource.slice(0, -'/**'.length) : null
  return `${kind}:${folder === null ? literal(resource) : `${literal(folder)}/**`}`
}

/** The place that a pattern over paths names before its first wildcard. */
export function placeOf(pattern: string): string {
  const wild = wildAt(pattern)
  if (wild < 0) return unescaped(pattern)
  return unescaped(pattern.slice(0, Math.max(0, pattern.lastIndexOf('/', wild)))) || '/'
}

/** Where the first wildcard stands, or -1. */
function wildAt(pattern: string): number {
  return pattern.replace(ESCAPES, '..').search(GLOB)
}

const matchers = new Map<string, (resource: string) => boolean>()

function matcherOf(pattern: string): (resource: string) => boolean {
  const known = matchers.get(pattern)
  if (known) return known
  const compiled = compile(pattern)
  if (matchers.size >= KEPT) matchers.clear()
  matchers.set(pattern, compiled)
  return compiled
}

function compile(pattern: string): (resource: string) => boolean {
  if (pattern === '**' || pattern === '*') return () => true
  const folder = pattern.endsWith('/**') ? pattern.slice(0, -3) : null
  if (folder !== null && !isGlob(folder)) {
    const place = unescaped(folder)
    return (resource) => resource === place || resource.startsWith(`${place}/`)
  }
  if (!isGlob(pattern)) {
    const name = unescaped(pattern)
    return (resource) => resource === name
  }
  const glob = compileGlob(pattern) ?? picomatch(pattern, { dot: true, nonegate: true }) // a stranger's manifest has none of those
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

/** What a match depends on beside the need. */
export interface CoverOptions {
  /** Of the grant; an allowance to write also allows to read, a refusal to read also refuses to write. */
  verdict?: Verdict
  /** Of the call; a permission for one effect covers calls of that effect alone. */
  effect?: Effect
}

/** Whether a permission covers one exact need. */
export function covers(permission: Permission, need: Need, { verdict = 'allow', effect }: CoverOptions = {}): boolean {
  if (permission.effect !== undefined && permission.effect !== effect) return false
  if (!concerns(permission.kind, need.kind, verdict)) return false
  if (need.kind === 'net') return permission.pattern === '**' || matchesNet(permission.pattern, need.resource)
  const matches = matcherOf(permission.pattern)
  if (matches(need.resource)) return true
  return verdict !== 'allow' && need.kind.startsWith('fs.') && foldersAbove(need.resource).some(matches)
}

/** Who may not have a folder has nothing below it either. */
function foldersAbove(path: string): string[] {
  const above: string[] = []
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) above.push(path.slice(0, at))
  return above
}

/** Whether a permission names this very resource and nothing else. */
export function namesExactly(permission: Permission, need: Need): boolean {
  if (permission.kind !== need.kind) return false
  if (need.kind === 'net') return permission.pattern.toLowerCase() === need.resource.toLowerCase() && !isGlob(need.resource)
  return !isGlob(permission.pattern) && unescaped(permission.pattern) === need.resource
}

/** Longer literal beginnings are narrower; an exact pattern is narrowest. */
export function narrowness(permission: Permission): number {
  const wild = wildAt(permission.pattern)
  return wild < 0 ? 1_000_000 + permission.pattern.length : wild
}

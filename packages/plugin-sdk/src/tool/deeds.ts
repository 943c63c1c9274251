import { LifeOsError } from '@life-os/contract'
import type { Effect } from '@life-os/contract'

const LOOKS = new Set([
  'fs.stat',
  'fs.list',
  'fs.read',
  'fs.readText',
  'fs.hash',
  'fs.sniff',
  'fs.usage',
  'fs.watch',
  'net.download',
  'exec.compute',
  'secrets.read',
  'settings.get',
  'gate.request',
  'models.generate',
  'models.embed',
  'blobs.put',
  'blobs.get',
  'clock.now',
  'random.uuid',
  'random.bytes',
  'browser.open',
  'browser.snapshot',
  'browser.screenshot',
  'browser.pdf',
  'browser.extract',
  'browser.fill',
  'browser.close',
])
const FILE_CHANGES = new Set(['fs.write', 'fs.append', 'fs.writeBlob', 'fs.makeFolder', 'fs.move', 'fs.copy', 'fs.remove', 'exec.view'])
const SAFE_METHODS = new Set(['GET', 'HEAD'])
const RANK: Record<Effect, number> = { read: 0, write: 1, external: 2 }

/** The least effect that a tool must declare to make this host call. */
export function effectOf(service: string, args: readonly unknown[]): Effect {
  if (LOOKS.has(service)) return 'read'
  if (FILE_CHANGES.has(service)) return 'write'
  if (service === 'mcp.call') return isReadingAsk(args[0]) ? 'read' : 'external'
  if (service !== 'net.fetch') return 'external'
  const options = args[1]
  if (options === undefined || options === null) return 'read'
  const method = typeof options === 'object' ? (options as { method?: unknown }).method : null // a wrong type is no GET
  return method === undefined || (typeof method === 'string' && SAFE_METHODS.has(method)) ? 'read' : 'external'
}

/** The kernel's own call, which the host refuses to everyone else: it says itself whether the server only reads. */
const isReadingAsk = (ask: unknown): boolean => typeof ask === 'object' && ask !== null && 'effect' in ask && ask.effect === 'read'

/** Claims against deeds: what to refuse a host call with that does more than its tool declares; undefined when it fits. */
export function deedFault(tool: string, declared: Effect, service: string, args: readonly unknown[]): LifeOsError | undefined {
  const done = effectOf(service, args)
  if (RANK[done] <= RANK[declared]) return undefined
  return new LifeOsError(
    'effect-undeclared',
    `${tool} declares that it may at most "${declared}", but it called ${service}, which is "${done}". The call was refused; this is a fault of the plugin.`,
    {
      class: 'unexpected',
      applied: 'no',
      details: { tool, service, declared, needed: done },
    },
  )
}

/** The least effect that a permission kind implies: who asks for `fs.write` can not call itself a `read`. */
export function effectOfNeed(kind: string): Effect {
  if (kind === 'fs.write' || kind === 'entity.write') return 'write'
  if (kind === 'device' || kind === 'spend') return 'external' // `exec` may be a computation or a view: its deed tells
  return 'read'
}

export const isWithin = (needed: Effect, declared: Effect): boolean => RANK[needed] <= RANK[declared]

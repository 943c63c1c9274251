import type { EffectRecord, ToolDescription } from '@life-os/contract'
import type { HostServices, Images } from '../host/index.ts'
import type { RunsContext } from './context.ts'
import { effectsOf } from './effects.ts'
import type { LiveRun } from './live.ts'

/** What is known of a step's effects after a try was cut off: by crash, kill, time-out, cancel or a lost connection. */
export interface Standing {
  /** Effects that happened; a new try is told their results instead of making them again. */
  applied: EffectRecord[]
  /** Effects nobody can tell about. */
  unknown: EffectRecord[]
}

/** Asks the world about every effect of a step that began and was not seen to end, and journals the answers. */
export async function standingOf(context: RunsContext, live: LiveRun, path: string): Promise<Standing> {
  const { host, store } = context.deps
  const standing: Standing = { applied: [], unknown: [] }
  for (const effect of await effectsOf(store, live.id, path)) {
    if (effect.state === 'finished') {
      standing.applied.push(effect)
      continue
    }
    if (effect.state !== 'started') continue
    const found = await host.reconcile(effect)
    if (found.applied === 'unknown') {
      standing.unknown.push(effect)
      continue
    }
    const after: Images | null = found.after
    const patch = found.applied === 'yes' ? { state: 'finished', after_json: JSON.stringify(after ?? {}) } : { state: 'not-applied' }
    live.note(
      { type: 'effect-reconciled', path, effect: effect.id, applied: found.applied },
      { kind: 'effect-update', id: effect.id, patch },
    )
    if (found.applied === 'yes') standing.applied.push({ ...effect, state: 'finished', after })
  }
  return standing
}

/**
 * Whether a new try is safe. Reads and idempotent tools may always repeat under their key; a tool whose effects all go
 * through the host may repeat because the host knows each of them.
 */
export function mayRepeat(tool: ToolDescription, standing: Standing): boolean {
  if (tool.effect === 'read' || tool.idempotent) return true
  return standing.unknown.length === 0
}

/** Services that answer for effects already made, so that a repeated tool finds each made once. */
export function replaying(services: HostServices, applied: readonly EffectRecord[]): HostServices {
  if (applied.length === 0) return services
  const made = new Map(applied.map((effect) => [callKeyOf(effect), effect]))
  return {
    async handle(service, args, signal) {
      const effect = made.get(callKey(service, args))
      if (!effect) return services.handle(service, args, signal)
      made.delete(callKey(service, args)) // the same call made twice on purpose is made the second time
      const { change } = effect
      return 'to' in change ? { path: change.to } : 'path' in change ? { path: change.path } : null
    },
  }
}

const SERVICE_OF: Record<string, string> = {
  'file-move': 'fs.move',
  'file-copy': 'fs.copy',
  'file-remove': 'fs.remove',
  'folder-make': 'fs.makeFolder',
  'file-write': 'fs.write',
}

function callKeyOf(effect: EffectRecord): string {
  const { change } = effect
  const service = SERVICE_OF[change.kind] ?? change.kind
  if ('from' in change) return `${service}\0${change.from}\0${change.clash ?? change.to}`
  return 'path' in change ? `${service}\0${change.clash ?? change.path}` : service
}

function callKey(service: string, args: readonly unknown[]): string {
  const paths = service === 'fs.move' || service === 'fs.copy' ? args.slice(0, 2) : args.slice(0, 1)
  const name = service === 'fs.append' || service === 'fs.writeBlob' ? 'fs.write' : service
  return `${name}\0${paths.map(String).join('\0')}`
}

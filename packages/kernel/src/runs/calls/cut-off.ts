import { LifeOsError } from '@life-os/contract'
import type { Change, EffectRecord, ToolDescription } from '@life-os/contract'
import type { HostServices, Images } from '../../host/index.ts'
import type { RunsContext } from '../context.ts'
import { effectsOf } from '../record/effects.ts'
import { isOutside, keptAnswers } from '../record/kept-answers.ts'
import type { LiveRun } from '../live.ts'

/** What is known of a step's effects after a try was cut off: by crash, kill, time-out, cancel or a lost connection. */
export interface Standing {
  /** Effects that happened; a new try is told their results instead of making them again. */
  applied: EffectRecord[]
  /** Effects nobody can tell about, or whose answer is lost. */
  unknown: EffectRecord[]
  /** What came back from outside with an applied effect, by its id. */
  answers: ReadonlyMap<string, unknown>
}

/** Asks the world about every effect of a step that began and was not seen to end, and journals the answers. */
export async function standingOf(context: RunsContext, live: LiveRun, path: string): Promise<Standing> {
  const { host, store } = context.deps
  const effects = await effectsOf(store, live.id, path)
  const outside = effects.some((effect) => effect.state === 'finished' && isOutside(effect))
  const answers = outside ? await keptAnswers(store, store.blobs, live.id, path) : new Map<string, unknown>()
  const ended = outside ? await endedTries(context, live, path) : new Set<number>()
  const standing: Standing = { applied: [], unknown: [], answers }
  for (const effect of effects) {
    if (effect.state === 'finished') {
      if (!isOutside(effect)) standing.applied.push(effect)
      else if (ended.has(effect.try)) continue // its tool had the answer and failed: trying again is to do it again
      else (answers.has(effect.id) ? standing.applied : standing.unknown).push(effect)
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

/** Tries that ended by themselves, with the answers of all they did. */
async function endedTries({ deps }: RunsContext, live: LiveRun, path: string): Promise<ReadonlySet<number>> {
  const rows = await deps.store.db
    .selectFrom('tries')
    .select('try')
    .where('run', '=', live.id)
    .where('path', '=', path)
    .where('state', '=', 'failed')
    .execute()
  return new Set(rows.map((row) => row.try))
}

/**
 * Whether a new try is safe. Reads and idempotent tools may always repeat under their key; a tool whose effects all go
 * through the host may repeat because the host knows each of them; what went outside is not sent again by itself.
 */
export function mayRepeat(tool: ToolDescription, standing: Standing): boolean {
  if (tool.effect === 'read' || tool.idempotent) return true
  return standing.unknown.length === 0 && !standing.applied.some(isOutside)
}

/** Services that answer for effects already made, so that a repeated tool finds each made once. */
export function replaying(services: HostServices, { applied, answers }: Pick<Standing, 'applied' | 'answers'>): HostServices {
  if (applied.length === 0) return services
  const made = Map.groupBy(applied, callKeyOf)
  return {
    async handle(service, args, signal) {
      const effect = made.get(callKey(service, args))?.shift() // the same call made twice on purpose is made as often
      if (!effect) return services.handle(service, args, signal)
      const { change } = effect
      if (change.kind === 'page-act' && !mayBe(change, service, args)) throw actDiffers(change)
      if (isOutside(effect)) return answers.get(effect.id)
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

function callKeyOf({ change }: Pick<EffectRecord, 'change'>): string {
  if (change.kind === 'request-send') return requestKey(change.method, change.url)
  if (change.kind === 'command-run') return commandKey(change.program, change.args)
  if (change.kind === 'page-act') return PAGE_KEY
  const service = SERVICE_OF[change.kind] ?? change.kind
  if ('from' in change) return `${service}\0${change.from}\0${change.clash ?? change.to}`
  return 'path' in change ? `${service}\0${change.clash ?? change.path}` : service
}

function callKey(service: string, args: readonly unknown[]): string {
  if (service === 'mcp.call') return callKeyOf(args[0] as Pick<EffectRecord, 'change'>) // made by module mcp alone, which names its change
  const [first, second] = args
  if (service === 'net.fetch') return requestKey((second as { method?: string } | null)?.method ?? 'GET', String(first)) // the host checks what a plugin sends
  if (service === 'exec.run') return commandKey((first as { program?: string }).program ?? '', (first as { args?: string[] }).args ?? []) // likewise
  if (service === 'browser.act' || service === 'browser.saveSession') return PAGE_KEY
  const paths = service === 'fs.move' || service === 'fs.copy' ? args.slice(0, 2) : args.slice(0, 1)
  const name = service === 'fs.append' || service === 'fs.writeBlob' ? 'fs.write' : service
  return `${name}\0${paths.map(String).join('\0')}`
}

/** Without the query, in which a secret may be shown by name. */
function requestKey(method: string, address: string): string {
  const url = URL.parse(address)
  return `net.fetch\0${method}\0${url ? url.origin + url.pathname : address}`
}
/** In the order they were made: a page handle is not the same after a restart. */
const PAGE_KEY = 'browser.act'

/** Whether a call can be the one that made this act, as far as its words tell: another's answer is never given to it. */
function mayBe(act: Extract<Change, { kind: 'page-act' }>, service: string, args: readonly unknown[]): boolean {
  if (service === 'browser.saveSession') return act.action === 'save-session' && act.target === args[1]
  const { kind, target } = (args[1] ?? {}) as { kind?: string; target?: { name?: string } } // the host checks what a plugin sends
  if (act.action !== kind) return false
  return target?.name === undefined || !act.target.includes('“') || plain(act.target).includes(plain(target.name).slice(0, NAMED))
}
const NAMED = 150
const plain = (words: string): string => words.toLowerCase().replace(/[\s\\]+/g, ' ')

/** Neither made again nor taken for another: what the page shows by now is for a person to judge. */
const actDiffers = ({ summary, url }: Extract<Change, { kind: 'page-act' }>) =>
  new LifeOsError(
    'act-differs',
    `Before it was cut off, this step had done “${summary}”. Now it wants something else there, so it was stopped. Look at ${url} and start again.`,
    { class: 'operational', applied: 'unknown' },
  )
const commandKey = (program: string, args: readonly string[]): string => `exec.run\0${JSON.stringify([program, args])}`

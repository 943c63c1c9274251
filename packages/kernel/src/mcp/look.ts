import { LifeOsError } from '@life-os/contract'
import type { McpServerConfig } from '@life-os/contract'
import type { CallScope, EffectSink, Host, McpDoor, McpMount } from '../host/index.ts'
import { askOf } from './call.ts'
import { ownTools, pluginOf, resourcesOf } from './describe.ts'
import { LIMITS } from './limits.ts'
import type { Listing } from './types.ts'

export interface Look {
  mounts: readonly McpMount[]
  secretEnv: Record<string, string>
}

/**
 * Reaches a server on behalf of the person who set it up, through the host like any call: what they configured is allowed for
 * this once, but nothing can be written.
 */
export async function lookAt(
  host: Pick<Host, 'real'>,
  config: McpServerConfig,
  by: string,
  reach: (look: Look, signal: AbortSignal) => Promise<Listing>,
): Promise<Listing> {
  const reading = onlyReading(config)
  const services = host.real(scopeOf(reading, by), refusing)
  const signal = AbortSignal.timeout(2 * LIMITS.hello)
  const secretEnv: Record<string, string> = {}
  if (config.transport.kind === 'stdio')
    for (const [variable, secret] of Object.entries(config.transport.secretEnv))
      secretEnv[variable] = String(await services.handle('secrets.read', [secret], signal))
  const door: McpDoor = { live: () => false, call: (box, until) => reach({ mounts: box?.mounts ?? [], secretEnv }, until) }
  const tool = ownTools(config, '')[0]!
  const ask = askOf(reading, { tool: { ...tool, effect: 'read' }, known: null, input: {} })
  return (await services.handle('mcp.call', [ask, door], signal)) as Listing // what the door answers
}

function onlyReading(config: McpServerConfig): McpServerConfig {
  if (config.transport.kind === 'http') return config
  return { ...config, transport: { ...config.transport, mounts: config.transport.mounts.map(({ path }) => ({ path, access: 'read' })) } }
}

function scopeOf(config: McpServerConfig, by: string): CallScope {
  const allowed = Object.entries(resourcesOf(config)).flatMap(([kind, names]) => names.map((resource) => ({ kind, resource })))
  return {
    run: '',
    path: '',
    try: 0,
    plugin: pluginOf(config.id),
    pluginVersion: '',
    tool: by,
    key: '',
    effect: 'read',
    reversal: 'none',
    allowed,
    labels: [],
    privateTo: allowed.filter(({ kind }) => kind === 'net').map(({ resource }) => resource), // named by whoever set it up
  }
}

/** A look changes nothing. */
const refusing: EffectSink = {
  begin: async () => {
    throw new LifeOsError('effect-not-declared', 'Looking at a server changes nothing.', { applied: 'no' })
  },
  finish: async () => undefined,
  abandon: async () => undefined,
  approvedTarget: () => undefined,
}

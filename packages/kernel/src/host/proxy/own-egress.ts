import type { Sandbox } from '../../sandbox/types.ts'
import { systemLookup } from '../net/address.ts'
import type { Lookup } from '../net/address.ts'
import { noSecrets } from '../net/credential.ts'
import { openEgress } from './proxy.ts'
import type { Egress } from './proxy.ts'

/**
 * The proxy of a program that outlives single calls: to these `host:port` places and no other, without secrets. Whether a call
 * may use such a program at all is decided at each call.
 */
export function openOwnEgress(
  plugin: string,
  places: readonly string[],
  identity: Sandbox['identity'],
  signal: AbortSignal,
  lookup: Lookup = systemLookup,
): Promise<Egress> {
  const scope = {
    run: '',
    path: '',
    try: 0,
    plugin,
    pluginVersion: '',
    tool: plugin,
    key: '',
    effect: 'external',
    reversal: 'none',
    allowed: places.map((resource) => ({ kind: 'net', resource })),
    labels: [],
  } as const
  return openEgress({ scope, lookup, places, auth: [], secrets: noSecrets, identity, signal })
}

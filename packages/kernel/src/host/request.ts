import { z } from 'zod'
import { describePermission, type Need } from '@life-os/contract'
import { effectOfNeed } from '@life-os/plugin-sdk/tool'
import type { Handlers } from './fs/services.ts'
import { fault, pathReserved } from './paths/faults.ts'
import { absolutePath } from './paths/path.ts'
import { checkEffect, covers, isReserved } from './paths/scope.ts'
import type { CallScope } from './types.ts'

/** One call may ask this often; each time is judged and stands in the audit record. */
const REQUESTS = 200

/** What a plugin may ask for at once. It comes from the plugin's process and is not to be trusted. */
const Asked = z.tuple([
  z
    .array(z.strictObject({ kind: z.string().max(40), resource: z.string().min(1).max(4096) }))
    .min(1)
    .max(100),
])

/**
 * `gate.request`: more resources than the tool declared, for this call alone. Whoever judges the call answers what is
 * allowed; the scope of this call grows by it. Paths are judged by the place they lead to.
 * Errors: `arguments-invalid`, `path-invalid`, `path-reserved`, `effect-not-declared`, and those of the judge: `permission-needed` ends the call, `permission-refused`.
 */
export function createRequestService(scope: CallScope, home: string, canonical: (path: string) => Promise<string>): Handlers {
  let requests = 0
  return {
    'gate.request': async (args) => {
      requests += 1
      if (requests > REQUESTS)
        throw fault(
          'too-many-requests',
          `host.request was called more than ${REQUESTS} times in one call; ask for all that is needed at once.`,
        )
      const parsed = Asked.safeParse(args)
      if (!parsed.success) throw fault('arguments-invalid', `host.request was called wrongly: ${z.prettifyError(parsed.error)}`)
      const needs: Need[] = []
      for (const need of parsed.data[0]) {
        const real = await realNeed(scope, need, home, canonical)
        if (!isServed(scope, real) || scope.denies?.of(real, scope.allowed)) needs.push(real)
      }
      if (needs.length === 0) return null
      if (!scope.request) throw fault('permission-needed', 'Nobody can be asked for more here. Declare it in the needs of the tool.')
      scope.allowed = [...scope.allowed, ...(await scope.request(needs))]
      return null
    },
  }
}

async function realNeed(scope: CallScope, need: Need, home: string, canonical: (path: string) => Promise<string>): Promise<Need> {
  const { kind, resource } = need
  if (kind.includes('@') || describePermission(`${kind}:x`).domain === null)
    throw fault('arguments-invalid', `host.request: there is no permission kind ${JSON.stringify(kind)}.`)
  const least = effectOfNeed(kind)
  if (least !== 'read') checkEffect(scope, least, 'host.request')
  if (!kind.startsWith('fs.')) return need
  const wild = resource.indexOf('*')
  const place = wild < 0 ? resource : resource.slice(0, resource.lastIndexOf('/', wild)) || '/'
  const real = await canonical(absolutePath(place))
  if (isReserved(real, home)) throw pathReserved(place)
  return { kind, resource: wild < 0 ? real : (real === '/' ? '' : real) + resource.slice(place === '/' ? 0 : place.length) }
}

function isServed(scope: CallScope, need: Need): boolean {
  return scope.allowed.some(({ kind, resource }) => {
    const enough = kind === need.kind || (kind === 'fs.write' && need.kind === 'fs.read')
    return (
      enough && (resource === need.resource || (kind.startsWith('fs.') && !need.resource.includes('*') && covers(resource, need.resource)))
    )
  })
}

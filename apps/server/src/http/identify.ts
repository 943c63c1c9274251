import { LifeOsError } from '@life-os/contract'
import { sameSecret } from '@life-os/kernel/auth'
import type { Auth, Identity } from '@life-os/kernel/auth'
import type { AllowedHosts } from './hosts.ts'

/** How a request reached the server: by TCP, or by the owner's own socket. */
export type Way = 'tcp' | 'socket'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Refuses what a stranger's page could have sent: a rebound name, another origin. Errors: `host-refused`, `origin-refused`. */
export function checkSource(request: Request, hosts: AllowedHosts): void {
  if (!hosts.host(request.headers.get('host'))) {
    throw new LifeOsError(
      'host-refused',
      'This name is not one Life-OS answers to. Open it as http://127.0.0.1 with its port, or name it with --allow-host.',
    )
  }
  const site = request.headers.get('sec-fetch-site')
  const foreign = site === 'cross-site' || site === 'same-site' // another port of this machine is the same site
  const opensPage =
    SAFE.has(request.method) && request.headers.get('sec-fetch-mode') === 'navigate' && request.headers.get('sec-fetch-dest') === 'document'
  if ((foreign && !opensPage) || (!opensPage && !hosts.origin(request.headers.get('origin')))) {
    throw new LifeOsError('origin-refused', 'Another page asked for this. Life-OS answers only its own.')
  }
}

/** Who asks. A bad token is refused rather than taken for nobody. Errors: `token-invalid`. */
export async function identify(request: Request, way: Way, auth: Auth, session: string | undefined): Promise<Identity | null> {
  if (way === 'socket') return auth.asOwner()
  const authorization = request.headers.get('authorization')
  if (authorization !== null) {
    const secret = /^Bearer (\S+)$/i.exec(authorization)?.[1]
    const identity = secret ? await auth.fromToken(secret) : undefined
    if (!identity) throw new LifeOsError('token-invalid', 'This token is unknown, revoked or too old. Make a new one in Settings.')
    return identity
  }
  return session ? ((await auth.fromSession(session)) ?? null) : null
}

/** A changing request that the browser signed by itself, through the cookie, must prove that the page sent it. Errors: `csrf-missing`. */
export function checkForgery(request: Request, identity: Identity | null): void {
  if (identity?.via !== 'session' || SAFE.has(request.method)) return
  const given = request.headers.get('x-csrf-token')
  if (given && identity.csrf && sameSecret(given, identity.csrf)) return
  throw new LifeOsError('csrf-missing', 'The request lacks the page’s X-CSRF-Token. Load the page again.')
}

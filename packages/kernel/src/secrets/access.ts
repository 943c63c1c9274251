import { LifeOsError } from '@life-os/contract'
import type { SealedMaterial } from './seal.ts'

/** Refreshed this long before the end, or at half of a shorter life. */
const MARGIN = 60_000 // ms

export interface AccessDeps {
  now(): number
  /** The material as it is stored now. */
  load(name: string): Promise<SealedMaterial>
  /** Asks for a new token and stores what came, durably, before it resolves. */
  renew(name: string): Promise<string>
}

export type Access = (name: string, rejected: string | undefined, signal: AbortSignal) => Promise<string>

/** Access tokens of OAuth2 secrets: one refresh of a secret at a time, shared by everybody who waits for it. */
export function createAccess({ now, load, renew }: AccessDeps): Access {
  const renewing = new Map<string, Promise<string>>()

  const shared = (name: string): Promise<string> => {
    const under = renewing.get(name)
    if (under) return under
    const fresh = renew(name).finally(() => renewing.delete(name))
    fresh.catch(() => {}) // told to each who waits
    renewing.set(name, fresh)
    return fresh
  }

  return async (name, rejected, signal) => {
    const { access } = await load(name)
    const usable = access && access.token !== rejected && (access.expiresAt === null || access.expiresAt > now())
    if (usable && (access.refreshAt === null || access.refreshAt > now())) return access.token
    try {
      return await unlessAborted(shared(name), signal)
    } catch (error) {
      if (usable && error instanceof LifeOsError && error.class === 'operational') return access.token // it holds for a while yet
      throw error
    }
  }
}

export function accessOf(token: string, lifetime: number | null, now: number): NonNullable<SealedMaterial['access']> {
  if (lifetime === null) return { token, refreshAt: null, expiresAt: null }
  return { token, refreshAt: now + lifetime - Math.min(MARGIN, lifetime / 2), expiresAt: now + lifetime }
}

/** Who is stopped no longer waits; the refresh itself goes on, since its answer may hold the only valid refresh token. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const stop = (): void => reject(signal.reason as Error) // an AbortSignal's reason is thrown as it is
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  work.then(resolve, reject)
  return promise.finally(() => signal.removeEventListener('abort', stop))
}

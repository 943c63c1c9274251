import type { z } from 'zod'
import { meansPlace, nothingKnown, placeholderOf, secretElsewhere, secretMissing } from '../../secrets/index.ts'
import type { Material, Redactor, Secrets } from '../../secrets/types.ts'
import { fault } from '../paths/faults.ts'
import { nameMatches } from '../paths/scope.ts'
import type { CallScope } from '../types.ts'
import { admitUrl, hostOf, isPublic, portOf } from './address.ts'
import type { Lookup, Target } from './address.ts'
import type { secretUse } from './arguments.ts'
import { headersFor } from './headers.ts'
import type { Sent } from './headers.ts'

export type HostSecrets = Pick<Secrets, 'use' | 'read' | 'get' | 'redactor' | 'redactorFor'>
export type Use = z.infer<typeof secretUse>

/** For a host that keeps no secrets. */
export const noSecrets: HostSecrets = {
  get: async () => undefined,
  use: async (name) => {
    throw secretMissing(name)
  },
  read: async (name) => {
    throw secretMissing(name)
  },
  redactor: nothingKnown,
  redactorFor: () => nothingKnown,
}

/** A secret on its way into requests to one origin and to no other. */
export interface Credential {
  readonly origin: string
  /** The request as it leaves: never kept, shown or answered. */
  dress(url: URL, sent: Sent): { url: URL; sent: Sent }
}

/** What was decided for this call must name the secret. Error: `secret-not-allowed`. */
export function checkSecretUse(scope: CallScope, kind: 'secret.use' | 'secret.read', name: string): void {
  if (scope.allowed.some((need) => need.kind === kind && nameMatches(need.resource, name))) return
  throw fault('secret-not-allowed', `The secret ${name} was not allowed for this call; add it to the tool's needs as ${kind}.`, {
    details: { permission: `${kind}:${name}` },
  })
}

/** A secret travels to a public address only over TLS. Error: `secret-unencrypted`. */
export function checkEncrypted({ url, host, port, address }: Target): void {
  if (url.protocol === 'https:' || !isPublic(address.address)) return
  throw fault('secret-unencrypted', `${host}:${port} would get a secret in the clear; write the address with https://.`)
}

/** Opens a secret for one place, after the call, the place and the connection were found to be fit for it. */
export async function obtain(context: ObtainContext, use: Use, url: URL, signal: AbortSignal, rejected?: string): Promise<Obtained> {
  const { scope, secrets, lookup } = context
  checkSecretUse(scope, 'secret.use', use.secret)
  checkEncrypted(await admitUrl(scope, url, lookup))
  const by = { actor: scope.plugin, run: scope.run, step: scope.path, tool: scope.tool }
  const material = await secrets.use(use.secret, placeOfUrl(url), signal, by, rejected)
  return { material, credential: createCredential(use, url.origin, material) }
}
export interface ObtainContext {
  scope: CallScope
  lookup: Lookup
  secrets: HostSecrets
}
export interface Obtained {
  material: Material
  credential: Credential
}

/** Whether the secret is there and meant for this place, without opening it. Error: `secret-elsewhere`. */
export async function isReady(secrets: HostSecrets, use: Use, url: URL): Promise<boolean> {
  const known = await secrets.get(use.secret)
  const place = placeOfUrl(url)
  if (known && !known.hosts.some((pattern) => meansPlace(pattern, place))) throw secretElsewhere(use.secret, place)
  return known !== undefined
}

export const placeOfUrl = (url: URL): string => `${hostOf(url)}:${portOf(url)}`

/** The secret's own name is shown in place of its value, wherever a request is shown. */
export function shownWith(use: Use, url: string, body: string | undefined): { url: string; body: string | undefined } {
  const instead = placeholderOf(use.secret)
  const pair = `${encodeURIComponent(use.name ?? '')}=${instead}`
  if (use.as === 'query') return { url: `${url}${url.includes('?') ? '&' : '?'}${pair}`, body }
  if (use.as === 'form') return { url, body: body === undefined || body === '' ? pair : `${body}&${pair}` }
  return { url, body }
}

/** Errors: `secret-unusable` when the value or the request cannot carry it. */
export function createCredential(use: Use, origin: string, material: Material): Credential {
  const as = use.as ?? (material.kind === 'basic' ? 'basic' : 'bearer')
  const { value } = material
  switch (as) {
    case 'bearer':
      return header(use, origin, 'authorization', `Bearer ${value}`)
    case 'basic': {
      const user = material.kind === 'basic' ? material.user : (use.name ?? 'x-access-token') // of a token, which forges take as a password
      return header(use, origin, 'authorization', `Basic ${Buffer.from(`${user}:${value}`).toString('base64')}`)
    }
    case 'header':
      return header(use, origin, nameOf(use, as), value)
    case 'query':
      return {
        origin,
        dress(url, sent) {
          const dressed = new URL(url)
          dressed.searchParams.set(nameOf(use, as), value)
          return { url: dressed, sent }
        },
      }
    case 'form':
      return { origin, dress: (url, sent) => ({ url, sent: withField(use, sent, nameOf(use, as), value) }) }
  }
}

function header(use: Use, origin: string, name: string, value: string): Credential {
  if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) throw unusable(use, 'it holds characters that a header cannot carry')
  headersFor({ [name]: 'x' }, '') // an impossible or reserved name is refused in its own words
  return { origin, dress: (url, sent) => ({ url, sent: { ...sent, headers: { ...sent.headers, [name.toLowerCase()]: value } } }) }
}

const FORM = 'application/x-www-form-urlencoded'

/** A redirect may have dropped the body; then there is no form to fill in any more. */
function withField(use: Use, sent: Sent, name: string, value: string): Sent {
  if (sent.method === 'GET' || sent.method === 'HEAD') return sent
  const type = sent.headers['content-type'] ?? FORM
  if (!type.toLowerCase().startsWith(FORM)) throw unusable(use, `the request carries ${type}, which is no form`)
  const before = sent.body && sent.body.length > 0 ? `${Buffer.from(sent.body).toString('utf8')}&` : ''
  return {
    ...sent,
    headers: { ...sent.headers, 'content-type': type },
    body: Buffer.from(`${before}${new URLSearchParams({ [name]: value }).toString()}`),
  }
}

function nameOf(use: Use, as: string): string {
  if (use.name !== undefined && use.name !== '') return use.name
  throw fault('arguments-invalid', `A secret sent as ${as} needs the name of its ${as === 'header' ? 'header' : 'field'}.`)
}
const unusable = (use: Use, why: string) => fault('secret-unusable', `The secret ${use.secret} cannot be sent like this: ${why}.`)

/** All the places that one request came to: an answer may hold what any of them was told. */
export function redactorOf(secrets: HostSecrets, places: readonly string[]): Redactor {
  return secrets.redactor.active ? secrets.redactorFor([...new Set(places)].toSorted()) : nothingKnown
}

import { lookup } from 'node:dns/promises'
import ipaddr from 'ipaddr.js'
import { checkPrivateHost } from '../labels/private.ts'
import type { CallScope } from '../types.ts'
import { checkDenied } from '../paths/denied.ts'
import { fault } from '../paths/faults.ts'
import { nameMatches } from '../paths/scope.ts'

export interface Address {
  address: string
  family: 4 | 6
}
/** All addresses of a host name. Injected in tests. */
export type Lookup = (host: string) => Promise<readonly Address[]>

export const systemLookup: Lookup = async (host) => {
  const found = await lookup(host, { all: true, verbatim: false })
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }))
}

export interface Target {
  url: URL
  host: string
  port: string
  address: Address
}

const PORTS: Record<string, string> = { 'http:': '80', 'https:': '443' }

/** Reads an address a tool gave. Errors: `url-invalid`. */
export function parseUrl(text: string, base?: URL): URL {
  const url = URL.parse(text, base?.href)
  if (!url || !(url.protocol in PORTS))
    throw fault('url-invalid', `${JSON.stringify(text.slice(0, 200))} is not a web address; write it like https://example.org/page.`)
  if (url.username !== '' || url.password !== '')
    throw fault('url-invalid', 'A web address must not carry a user name or password; leave them out.')
  url.hash = ''
  return url
}

export const hostOf = (url: URL): string => url.hostname.toLowerCase().replace(/\.$/, '')
export const portOf = (url: URL): string => url.port || (PORTS[url.protocol] ?? '')

function split(resource: string): [host: string, port: string] {
  const at = resource.lastIndexOf(':')
  return [resource.slice(0, at).toLowerCase(), resource.slice(at + 1)]
}

/** Whether `net:host:port` (with `*` in either part) covers a place. */
export function coversPlace(resource: string, host: string, port: string): boolean {
  const [pattern, allowed] = split(resource)
  return (allowed === '*' || allowed === port) && nameMatches(pattern, host)
}

/**
 * Checks one hop against the grants, resolves its name once and checks where that leads: the connection goes to this very
 * address, so that a name that answers otherwise a moment later gains nothing. Addresses that are not public need a grant
 * that names them (`net:127.0.0.1:8080`), or `localhost` by that name; a pattern is none.
 * Errors: `address-not-allowed`, `private-not-allowed`, `address-private`, `address-unresolved`.
 */
export async function admitUrl(scope: CallScope, url: URL, resolve: Lookup): Promise<Target> {
  const [host, port] = [hostOf(url), portOf(url)]
  const resources = scope.allowed.filter((need) => need.kind === 'net').map((need) => need.resource)
  if (!resources.some((resource) => coversPlace(resource, host, port))) {
    throw fault('address-not-allowed', `${host}:${port} is outside what was allowed for this call; allow net:${host}:${port}.`, {
      details: { permission: `net:${host}:${port}` },
    })
  }
  checkDenied(scope, { kind: 'net', resource: `${host}:${port}` })
  checkPrivateHost(scope, host, port)
  const addresses = await addressesOf(host, resolve)
  const named = (address: string): boolean => resources.some((resource) => namesExactly(resource, host, address, port))
  const refused = addresses.find(({ address }) => !isPublic(address) && !named(address))
  const [address] = addresses
  for (const { address: led } of addresses) checkLed(scope, `${bracketed(plainAddress(led))}:${port}`, `${host}:${port}`)
  if (refused) {
    throw fault(
      'address-private',
      `${host} leads to ${refused.address}, which is not a public address; if you mean it, allow net:${bracketed(refused.address)}:${port}.`,
      {
        details: { permission: `net:${bracketed(refused.address)}:${port}` },
      },
    )
  }
  if (!address)
    throw fault('address-unresolved', `No address was found for ${host}; check its spelling and the network.`, { class: 'operational' })
  return { url, host, port, address }
}

async function addressesOf(host: string, resolve: Lookup): Promise<readonly Address[]> {
  const literal = host.replace(/^\[(.*)\]$/, '$1')
  if (ipaddr.isValid(literal)) return [{ address: literal, family: literal.includes(':') ? 6 : 4 }]
  try {
    return await resolve(host)
  } catch (error) {
    throw fault('address-unresolved', `No address was found for ${host}; check its spelling and the network.`, {
      class: 'operational',
      cause: error,
    })
  }
}

/** A name does not lead to an address that a grant denies. Whoever answered for the name was asked about where it leads. */
function checkLed(scope: CallScope, place: string, asked: string): void {
  const need = { kind: 'net', resource: place }
  if (scope.denies?.of(need, scope.allowed)?.rule === 'grant-deny') checkDenied(scope, need, asked)
}

/** An IPv4 address in the clothes of IPv6 as what it is: a grant that denies it names it so. */
const plainAddress = (address: string): string => (ipaddr.isValid(address) ? ipaddr.process(address).toString() : address)
const bracketed = (address: string): string => (address.includes(':') ? `[${address}]` : address)

/** A grant that means this address and no other: the address itself, or localhost for the loopback it stands for. */
function namesExactly(resource: string, host: string, address: string, port: string): boolean {
  const [name, allowed] = split(resource)
  if (name.includes('*') || allowed !== port) return false
  const literal = name.replace(/^\[(.*)\]$/, '$1')
  if (ipaddr.isValid(literal)) return ipaddr.parse(literal).toNormalizedString() === ipaddr.parse(address).toNormalizedString()
  return name === 'localhost' && host === 'localhost' && ipaddr.process(address).range() === 'loopback'
}

/** Public unicast, also where an IPv6 address carries an IPv4 one (mapped, 6to4, NAT64, Teredo count as not public). */
export function isPublic(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast'
}

import ipaddr from 'ipaddr.js'
import type { Reach } from './types.ts'

/** One request of a page, as Chromium is about to make it; a redirect is a request of its own. */
export interface PageRequest {
  url: string
  method: string
  /** The resource type of the DevTools protocol: `Document`, `Image`, `XHR` … */
  type: string
  /** A document for a page itself, not for a frame in it. */
  top: boolean
}

export interface Moment {
  /** Null between calls. */
  reach: Reach | null
  /** A form is filled in and nobody has approved sending it. */
  held: boolean
  /** An approved action is being made. */
  acting: boolean
}

export type Verdict =
  | { pass: true }
  | { pass: false; why: 'no-call' | 'held' | 'scheme' | 'origin' | 'sends' | 'private-address' | 'elsewhere' }

const LOOKS = new Set(['GET', 'HEAD', 'OPTIONS'])
const BY_SCRIPT = new Set(['XHR', 'Fetch', 'Ping', 'EventSource', 'Preflight'])
const refuse = (why: Extract<Verdict, { pass: false }>['why']): Verdict => ({ pass: false, why })
const PASS: Verdict = { pass: true }

/**
 * What a page may ask for. Pages come from allowed origins and forms go to them while an approved action is made. What a
 * page shows comes from anywhere public, but is only looked at. What scripts say to an allowed origin before anything is
 * filled in tells it nothing that it did not have.
 */
export function judge(request: PageRequest, { reach, held, acting }: Moment): Verdict {
  const url = URL.parse(request.url)
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) return refuse('scheme')
  if (!reach) return refuse('no-call')
  if (held) return refuse('held')
  const looks = LOOKS.has(request.method)
  if (!looks && reach.sendsTo?.(url.origin) === false) return refuse('sends')
  if (reach.allows(url.origin)) return looks || acting || (!request.top && BY_SCRIPT.has(request.type)) ? PASS : refuse('sends')
  if (request.top) return refuse('origin')
  if (!looks) return refuse('sends')
  if (!reach.elsewhere) return refuse('elsewhere')
  return mayBePublic(url.hostname) ? PASS : refuse('private-address')
}

/** Whether a host may turn out to be public; where a name leads is looked at when it is resolved. */
export function mayBePublic(host: string): boolean {
  const name = host
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase()
    .replace(/\.$/, '')
  if (ipaddr.isValid(name)) return ipaddr.process(name).range() === 'unicast'
  return name.includes('.') && !/(?:^|\.)(?:localhost|local|internal|home\.arpa|lan|home)$/.test(name)
}

/** `host:port` as the proxy is asked for it. */
export function placeOf(url: URL): string {
  return `${url.hostname.toLowerCase().replace(/\.$/, '')}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`
}

import { LifeOsError } from '@life-os/contract'
import { parseRobots } from '../../browser/index.ts'
import type { Robots } from '../../browser/index.ts'
import type { Lookup } from '../net/address.ts'
import { noSecrets, placeOfUrl } from '../net/credential.ts'
import { collect } from '../net/decode.ts'
import { headersFor } from '../net/headers.ts'
import { request } from '../net/request.ts'
import { fault } from '../paths/faults.ts'
import type { CallScope } from '../types.ts'

/** What sites call us in their robots.txt. */
export const AGENT = 'Life-OS'
const KEPT = 3_600_000
const LONGEST = 512 * 1024
const TIMEOUT = 10_000
const REMEMBERED = 500

/** The robots.txt of origins, asked for once an hour. */
export interface RobotsBook {
  /** Error: `browser-robots`. `ignored`: origins for which a person decided otherwise. */
  check(scope: CallScope, url: URL, ignored: readonly string[], signal: AbortSignal): Promise<void>
}

export function createRobotsBook(lookup: Lookup, now: () => number): RobotsBook {
  const known = new Map<string, { at: number; robots: Promise<Robots> }>()
  return {
    async check(scope, url, ignored, signal) {
      if (ignored.includes(url.origin)) return
      const { origin } = url
      const had = known.get(origin)
      const fresh = had && now() - had.at < KEPT ? had : { at: now(), robots: read(scope, origin, lookup, signal) }
      known.delete(origin)
      known.set(origin, fresh)
      fresh.robots.catch(() => known.delete(origin))
      if (known.size > REMEMBERED) known.delete(known.keys().next().value ?? '')
      if ((await fresh.robots).allows(url.pathname + url.search)) return
      throw fault(
        'browser-robots',
        `${origin} asks automated readers (robots.txt) not to open ${url.pathname}. If you may, add the site to the browser plugin's settings.`,
        {
          details: { origin },
        },
      )
    },
  }
}

/** RFC 9309, section 2.3.1: what is missing allows all, what fails allows nothing until it answers. */
async function read(scope: CallScope, origin: string, lookup: Lookup, caller: AbortSignal): Promise<Robots> {
  const url = new URL('/robots.txt', origin)
  const own: CallScope = { ...scope, allowed: [{ kind: 'net', resource: placeOfUrl(url) }], labels: [] }
  delete own.seen
  const signal = AbortSignal.any([caller, AbortSignal.timeout(TIMEOUT)])
  const sent = { method: 'GET' as const, headers: headersFor({ 'user-agent': AGENT }, 'identity'), body: undefined }
  try {
    const answer = await request({ scope: own, lookup, secrets: noSecrets, signal }, url.href, sent, 5)
    try {
      if (answer.status >= 500) return parseRobots(`User-agent: *\nDisallow: /`, AGENT)
      if (answer.status >= 400) return parseRobots('', AGENT)
      const text = Buffer.from(await collect(answer.body, LONGEST, url.href)).toString('utf8')
      return parseRobots(text, AGENT)
    } finally {
      await answer[Symbol.asyncDispose]()
    }
  } catch (error) {
    caller.throwIfAborted()
    if (error instanceof LifeOsError && ELSEWHERE.has(error.code)) return parseRobots('', AGENT)
    throw error
  }
}

/** Its robots.txt lies somewhere that was not allowed, or is no text of that size: it tells nothing. */
const ELSEWHERE = new Set(['address-not-allowed', 'response-too-large', 'too-many-redirects'])

import type { CDPSession } from 'playwright-core'
import { judge, placeOf } from './rules.ts'
import type { Moment, PageRequest, Verdict } from './rules.ts'
import type { Exit, Reach, Traced } from './types.ts'

/** A form as a person approved it: what a page sends by itself must be that. */
export interface Approved {
  url: string
  /** Name and value of what a person saw filled in. */
  fields: readonly (readonly [name: string, value: string])[]
}

/** Stands between a browser and the network: judges each request before it is made, and opens the exit for what passes. */
export interface Guard {
  /** For one call; between calls nothing is let through. */
  admit(reach: Reach | null): void
  /** A form is filled in: nothing more leaves, and what is open is cut. */
  hold(): void
  readonly held: boolean
  /** What was filled in is sent with a person's word, or gone. */
  release(): void
  /** Why the exit did not connect to a place, if it refused. */
  whyNot(place: string): Error | undefined
  unreached(place: string, error: Error): void
  /** An approved action begins, or ends. */
  act(approved: Approved | null | undefined): void
  /** Requests since the last time it was asked, oldest first. */
  taken(): Traced[]
  /** The origin that a page was led to and that nobody allowed, once. */
  strayed(): string | null
  /** What was sent while acting. */
  readonly sent: number
  /** The form that a page tried to send was not the one that was approved. */
  readonly drifted: boolean
  /** `host:port` that the exit may connect to. */
  places(): readonly string[]
}

const TRACED = 2000
const ELSEWHERE = 500

interface Paused {
  requestId: string
  request: { url: string; method: string; postData?: string; headers: Record<string, string> }
  frameId: string
  resourceType: string
}

export async function createGuard(cdp: CDPSession, exit: Pick<Exit, 'cut'>): Promise<Guard> {
  const tops = new Set<string>()
  const seen = new Set<string>()
  const moment: Moment = { reach: null, held: false, acting: false }
  let approved: Approved | null = null
  let traced: Traced[] = []
  let strayed: string | null = null
  let sent = 0
  let drifted = false
  const refusals = new Map<string, Error>()

  cdp.on('Target.targetCreated', ({ targetInfo }) => void (targetInfo.type === 'page' && tops.add(targetInfo.targetId)))
  cdp.on('Target.targetDestroyed', ({ targetId }) => void tops.delete(targetId))
  cdp.on('Fetch.requestPaused', (event) => void answer(event as Paused)) // the fields used are those of the protocol
  await cdp.send('Target.setDiscoverTargets', { discover: true })
  await cdp.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] })

  async function answer({ requestId, request, frameId, resourceType }: Paused): Promise<void> {
    const asked: PageRequest = {
      url: request.url,
      method: request.method,
      type: resourceType,
      top: resourceType === 'Document' && tops.has(frameId),
    }
    const verdict = note(asked, isDrift(asked, request) ? 'drift' : judge(asked, moment))
    const reply = verdict.pass
      ? cdp.send('Fetch.continueRequest', { requestId })
      : cdp.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' })
    await reply.catch(() => undefined) // its page is gone
  }

  function note(asked: PageRequest, verdict: Verdict | 'drift'): { pass: boolean } {
    const why = verdict === 'drift' ? 'drift' : verdict.pass ? null : verdict.why
    if (traced.length < TRACED) traced.push({ method: asked.method, url: asked.url.slice(0, 2000), type: asked.type, refused: why })
    const url = URL.parse(asked.url)
    if (why === 'drift') drifted = true
    if (why === 'origin' && url) strayed ??= url.origin
    if (why === null && url) {
      if (moment.acting && asked.type !== 'Image') sent += 1
      if (seen.size < ELSEWHERE) seen.add(placeOf(url))
    }
    return { pass: why === null }
  }

  /** A form that the page itself sends, with other words than a person saw, or to another place. */
  function isDrift({ top, method, url }: PageRequest, { postData, headers }: Paused['request']): boolean {
    if (!moment.acting || !approved || !top || method === 'GET') return false
    if (withoutQuery(url) !== withoutQuery(approved.url)) return true
    const type = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
    if (postData === undefined || !type.startsWith('application/x-www-form-urlencoded')) return false
    const pairs = [...new URLSearchParams(postData)]
    return approved.fields.some(([name, value]) => !pairs.some((pair) => pair[0] === name && sameText(pair[1], value)))
  }

  return {
    admit(reach) {
      moment.reach = reach
      if (!reach) return
      strayed = null
      refusals.clear()
      if (!reach.elsewhere) seen.clear()
    },
    hold() {
      moment.held = true
      seen.clear()
      exit.cut()
    },
    get held() {
      return moment.held
    },
    release: () => void (moment.held = false),
    whyNot: (place) => refusals.get(place),
    unreached: (place, error) => void (refusals.size < ELSEWHERE && refusals.set(place, error)),
    act(form) {
      moment.acting = form !== undefined
      approved = form ?? null
      if (form === undefined) return
      sent = 0
      drifted = false
    },
    taken() {
      const all = traced
      traced = []
      return all
    },
    strayed: () => strayed,
    get sent() {
      return sent
    },
    get drifted() {
      return drifted
    },
    places: () => (moment.reach && !moment.held ? [...moment.reach.places, ...seen] : []),
  }
}

const withoutQuery = (text: string): string => {
  const url = URL.parse(text)
  return url ? url.origin + url.pathname : text
}
/** HTML sends line ends as CR LF. */
const sameText = (one: string, other: string): boolean => one.replace(/\r\n?/g, '\n') === other.replace(/\r\n?/g, '\n')

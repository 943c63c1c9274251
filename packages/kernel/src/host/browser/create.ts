import { createBrowsers, createRate } from '../../browser/index.ts'
import type { Sandbox } from '../../sandbox/types.ts'
import type { LabelledScope } from '../labels/index.ts'
import type { Lookup } from '../net/address.ts'
import { noSecrets } from '../net/credential.ts'
import { openEgress } from '../proxy/index.ts'
import type { CallScope } from '../types.ts'
import type { BrowserHost, BrowserSettings } from './context.ts'
import { createRobotsBook } from './robots.ts'

export interface BrowserHostDependencies {
  sandbox: Sandbox | undefined
  lookup: Lookup
  settingsOf(plugin: string): Record<string, unknown>
  now(): number
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>
}

/** Whose settings a person opens to change how pages are read. Another plugin's own are not looked at. */
const PLUGIN = 'browser'

export function createBrowserHost(dependencies: BrowserHostDependencies): BrowserHost {
  const { sandbox, lookup, now, sleep } = dependencies
  const serving = new Map<string, LabelledScope>()
  const settings = () => settingsFrom(dependencies.settingsOf(PLUGIN))
  const browsers = createBrowsers({
    sandbox,
    now,
    program: () => settings().program,
    openExit: (run, rules) => {
      const places = { includes: (place: string) => rules.places().includes(place) }
      const signal = new AbortController().signal
      return openEgress({
        scope: scopeOf(() => serving.get(run), rules.places),
        lookup,
        places,
        auth: [],
        secrets: noSecrets,
        identity: sandbox?.identity ?? null,
        signal,
        onRefused: rules.refused,
      })
    },
  })
  return {
    browsers,
    settings,
    serving: (run, scope) => void serving.set(run, scope),
    rate: createRate({ now, sleep }, () => settings().loadsPerSecond),
    robots: createRobotsBook(lookup, now),
    async [Symbol.asyncDispose]() {
      serving.clear()
      await browsers[Symbol.asyncDispose]()
    },
  }
}

/**
 * The connections of a browser as a call of their own: to the places that its guard admits just now, under what grants deny.
 * Whether private data may go to a page was asked before the page was opened.
 */
function scopeOf(current: () => LabelledScope | undefined, places: () => readonly string[]): CallScope {
  return {
    run: '',
    path: '',
    try: 0,
    plugin: PLUGIN,
    pluginVersion: '0.0.0',
    tool: 'browser',
    key: '',
    effect: 'read',
    reversal: 'none',
    labels: [],
    get allowed() {
      return places().map((resource) => ({ kind: 'net', resource }))
    },
    get denies() {
      return current()?.denies
    },
  }
}

function settingsFrom(given: Record<string, unknown>): BrowserSettings {
  const { program, loadsPerSecond, robotsIgnored } = given
  return {
    ...(typeof program === 'string' && program !== '' && { program }),
    loadsPerSecond: typeof loadsPerSecond === 'number' && loadsPerSecond > 0 ? loadsPerSecond : 1,
    robotsIgnored: Array.isArray(robotsIgnored)
      ? robotsIgnored.flatMap((one) => (typeof one === 'string' ? (URL.parse(one)?.origin ?? []) : []))
      : [],
  }
}

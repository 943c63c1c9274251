import type { Browsers, Rate } from '../../browser/index.ts'
import type { ContentBlobs } from '../fs/content.ts'
import type { Labelling, LabelledScope } from '../labels/index.ts'
import type { HostSecrets } from '../net/credential.ts'
import type { Secrets } from '../../secrets/types.ts'
import type { EffectSink, Recording } from '../types.ts'
import type { RobotsBook } from './robots.ts'

/** Where sessions are kept: sealed like any other secret. */
export type SessionKeeper = Pick<Secrets, 'set' | 'get'>

/** What every browser of this host shares. */
export interface BrowserHost extends AsyncDisposable {
  readonly browsers: Browsers
  /** What a person set for the browser, whichever plugin asks. */
  settings(): BrowserSettings
  /** What a run's pages may connect to is judged by the call that uses them just now. */
  serving(run: string, scope: LabelledScope): void
  readonly rate: Rate
  readonly robots: RobotsBook
}

export interface BrowserSettings {
  /** The Chromium to use; absent: the system's. */
  program?: string | undefined
  /** Page loads a second of one site. */
  loadsPerSecond: number
  /** Origins whose robots.txt a person decided to leave aside. */
  robotsIgnored: readonly string[]
}

export interface BrowserContext {
  host: BrowserHost
  scope: LabelledScope
  labelling: Labelling
  blobs: ContentBlobs
  secrets: HostSecrets
  sessions: SessionKeeper | undefined
  /** Real effects go to the sink, a preview's into the recording. */
  outgoing: { sink: EffectSink } | { recording: Recording }
}

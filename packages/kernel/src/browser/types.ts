import type { Sandbox } from '../sandbox/types.ts'

/** What one call may reach; the host decides it before the call and it ends with it. */
export interface Reach {
  /** Whether pages of this origin may be opened, read and sent to. */
  allows(origin: string): boolean
  /** `host:port` of the origins that are allowed by name. */
  places: readonly string[]
  /** False: nothing is loaded but from allowed origins, because the call carries private data. */
  elsewhere: boolean
  /** While a secret is in the page: where something may be sent; absent: wherever pages may come from. */
  sendsTo?: (origin: string) => boolean
}

/** The only way out of a browser's box: connects to what the rules admit at that moment, each name resolved once and looked at. */
export interface Exit extends AsyncDisposable {
  /** A Unix socket that speaks HTTP proxying. */
  readonly socket: string
  /** Ends every open connection. */
  cut(): void
}
export interface ExitRules {
  /** `host:port` that may be connected to now. */
  places(): readonly string[]
  /** Told why a connection was refused. */
  refused(place: string, error: Error): void
}
export type OpenExit = (run: string, rules: ExitRules) => Promise<Exit>

export interface BrowserDependencies {
  sandbox: Sandbox | undefined
  openExit: OpenExit
  /** A program that a person set; empty or absent: the system's own is looked for. */
  program?: () => string | undefined
  now?: () => number
  /** Milliseconds that a browser without a call is kept; default 15 minutes. */
  idle?: number
  /** Browsers at once; default 3. */
  most?: number
}

/** A request that a page made, as it was judged. */
export interface Traced {
  method: string
  url: string
  type: string
  /** Why it was not let through; null: it was. */
  refused: string | null
}

// What a tool may do with pages. Part of the host, version 1.

/** An element of a page, by what a person sees of it. The first that is given and found counts. */
export interface BrowserTarget {
  /** Of the last `snapshot` of this page. */
  ref?: string
  role?: string
  /** Accessible name, or visible text. */
  name?: string
  label?: string
  text?: string
  /** Last resort. */
  css?: string
}
export interface BrowserPage {
  page: string
  url: string
  title: string
  status: number | null
}
/** What an action left: a screenshot and the page's address afterwards. */
export interface BrowserDone extends BrowserPage {
  /** PNG. */
  screenshot: string
  /** What was done, step by step, with every request that the page made meanwhile and what was refused: JSON. */
  trace: string
  /** Files that came. */
  downloads: { blob: string; name: string; size: number }[]
  /** Pages that opened beside. */
  opened: BrowserPage[]
  /** What the page asked in a box of its own, and whether the answer was yes. */
  dialogs: { kind: string; text: string; accepted: boolean }[]
}
/**
 * Pages of the system's Chromium, one browser a run, in a box of its own. A `page` is an address of its origin
 * (`https://example.org/#page-1`), so that it names what a call needs. Between calls a page has no network, and from `fill`
 * on none until `act`. Needs `browser:<origin>`, an origin being `https://host[:port]`;
 * what a page loads from elsewhere is limited to what it needs to show. All content is untrusted. Reading is predictable; an
 * action (`act`) is external and final, and in a preview it is recorded with the form as it would be sent.
 */
export interface HostBrowser {
  /**
   * A call that is made again (after its preview, after a crash) finds the page that it opened, if it is still there.
   * Errors: `browser-missing`, `browser-origin`, `browser-robots`, `browser-failed`, `browser-held`.
   */
  open(url: string, options?: { session?: string; timeout?: number }): Promise<BrowserPage & { downloads: BrowserDone['downloads'] }>
  /** Accessibility tree as text with a `ref` an element, and the readable text; each cut at `maxChars` (default 20,000). */
  snapshot(page: string, options?: { maxChars?: number }): Promise<BrowserPage & { tree: string; text: string; cut: boolean }>
  screenshot(page: string, options?: { full?: boolean; target?: BrowserTarget }): Promise<{ blob: string; width: number; height: number }>
  pdf(page: string): Promise<{ blob: string; size: number }>
  /** Values of elements by CSS, for extraction: one record an element of `each`. */
  extract(
    page: string,
    shape: { each?: string; fields: Record<string, { css: string; attribute?: string }> },
  ): Promise<Record<string, string | null>[]>
  /**
   * Fills fields without sending anything: the page has no network from here on until `act` or `close`. A secret is entered
   * by the host when `act` is really made, and not before. Errors: `browser-target` with what is near, `browser-page-gone`.
   */
  fill(
    page: string,
    fields: {
      target: BrowserTarget
      value?: string
      secret?: string
      checked?: boolean
      option?: string
      files?: { blob: string; name: string }[]
    }[],
  ): Promise<BrowserDone>
  /** Clicks or presses: may send what is filled in. */
  act(
    page: string,
    action: {
      kind: 'click' | 'press'
      target?: BrowserTarget
      key?: string
      expect?: 'navigation' | 'download' | 'nothing'
      /** Say yes when the page asks whether it is meant. Default: no. */
      accept?: boolean
    },
  ): Promise<BrowserDone>
  close(page: string): Promise<void>
  /** Cookies and storage of a run's context as a secret of this name, for later `open` with `session`. */
  saveSession(page: string, session: string): Promise<void>
}

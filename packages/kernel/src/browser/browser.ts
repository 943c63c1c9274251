import { LifeOsError } from '@life-os/contract'
import type { BrowserContext, Page } from 'playwright-core'
import type { Sandbox } from '../sandbox/types.ts'
import { createGuard } from './guard.ts'
import type { Guard } from './guard.ts'
import { crashed, held, pageGone } from './faults.ts'
import { startChromium } from './launch.ts'
import type { Chromium } from './launch.ts'
import { followPage } from './page.ts'
import type { OpenPage } from './page.ts'
import { findProgram } from './program.ts'
import type { BrowserDependencies, ExitRules } from './types.ts'

/** Cookies and storage, as `saveSession` keeps them. */
export type SessionState = Awaited<ReturnType<BrowserContext['storageState']>>

/** The browser of one run: in a box of its own, with an exit of its own. */
export interface RunBrowser extends AsyncDisposable {
  readonly guard: Guard
  readonly chromium: Chromium
  /** A new page with the state of a session, or the one that this call opened before. Error: `browser-held`. */
  newPage(of: { key: string; address: string; origin: string; session: string | null; state?: SessionState }): Promise<OpenPage>
  /** The page that a call opened before, if it is still there. */
  openedBy(key: string, address: string): OpenPage | undefined
  /** Error: `browser-page-gone`. */
  page(handle: string): OpenPage
  /** A page that opened beside another becomes one with a handle. */
  adopt(page: Page, beside: OpenPage): OpenPage
  /** Something is filled in on this page: nothing leaves its browser any more. */
  hold(page: OpenPage): void
  /** What is filled in on this page may be sent now. Error: `browser-held` where another page waits too. */
  letGo(page: OpenPage): void
  /** A page in which something was filled in goes with all that it stored. */
  close(page: OpenPage): Promise<void>
  /** As if it had just started: every page is gone with all that it stored, and no connection is open. */
  clear(): Promise<void>
}

export async function startRunBrowser(dependencies: BrowserDependencies, run: string): Promise<RunBrowser> {
  const { sandbox } = dependencies
  if (!sandbox || sandbox.isolation.level !== 'bubblewrap') throw sandboxMissing(sandbox)
  const program = findProgram({ chosen: dependencies.program?.() })
  await using stack = new AsyncDisposableStack()
  const made: { guard?: Guard } = {} // the guard needs the browser, which needs the exit, which asks the guard
  const rules: ExitRules = { places: () => made.guard?.places() ?? [], refused: (place, error) => made.guard?.unreached(place, error) }
  const exit = stack.use(await dependencies.openExit(run, rules))
  const chromium = stack.use(await startChromium(sandbox, program, exit))
  const guard = await createGuard(chromium.cdp, exit)
  made.guard = guard
  const owned = stack.move()
  return runBrowser(chromium, guard, () => owned.disposeAsync())
}

function runBrowser(chromium: Chromium, guard: Guard, dispose: () => Promise<void>): RunBrowser {
  const pages = new Map<string, OpenPage>()
  const contexts = new Map<string | null, ReturnType<typeof newContext>>()
  const filled = new Set<BrowserContext>()
  let counted = 0
  const newContext = async (state: SessionState | undefined) => {
    const context = await chromium.browser.newContext({
      acceptDownloads: true,
      serviceWorkers: 'block',
      viewport: { width: 1280, height: 900 },
      userAgent: userAgentOf(chromium.browser.version()),
      ...(state && { storageState: state }),
    })
    context.setDefaultTimeout(10_000)
    return context
  }
  const follow = (page: Page, of: Pick<OpenPage, 'key' | 'address' | 'session'>, origin: string): OpenPage => {
    const open = followPage({ ...of, page, handle: `${origin}/#page-${++counted}` })
    pages.set(open.handle, open)
    page.on('close', () => void pages.delete(open.handle))
    page.on('crash', () => void pages.delete(open.handle))
    return open
  }
  return {
    guard,
    chromium,
    async newPage({ key, address, origin, session, state }) {
      if (guard.held) throw held()
      if (chromium.gone.aborted) throw crashed('no')
      const context = contexts.get(session) ?? newContext(state)
      contexts.set(session, context)
      context.catch(() => contexts.delete(session))
      return follow(await (await context).newPage(), { key, address, session }, origin)
    },
    openedBy: (key, address) => [...pages.values()].find((open) => open.key === key && open.address === address),
    page(handle) {
      const open = pages.get(handle)
      if (open) return open
      throw pageGone(handle.slice(0, 300))
    },
    adopt: (page, beside) => follow(page, { ...beside, address: page.url() }, new URL(page.url()).origin),
    hold(open) {
      filled.add(open.context)
      guard.hold()
    },
    letGo(open) {
      filled.delete(open.context)
      if (filled.size > 0) throw held()
      guard.release()
    },
    async close(open) {
      if (!filled.has(open.context)) return void (await open.page.close())
      for (const other of pages.values()) if (other.context === open.context) pages.delete(other.handle)
      contexts.delete(open.session)
      await open.context.close()
      filled.delete(open.context)
      if (filled.size === 0) guard.release()
    },
    async clear() {
      guard.hold() // before its pages see that they end
      const all = [...contexts.values()]
      for (const forgotten of [pages, contexts, filled]) forgotten.clear()
      await Promise.all(all.map(async (context) => (await context).close()))
      guard.taken()
      guard.release()
    },
    [Symbol.asyncDispose]: dispose,
  }
}

/** Says what it is, as a person's own browser would not. */
const userAgentOf = (version: string): string =>
  `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version.split('.')[0]}.0.0.0 Safari/537.36 Life-OS/0.1 (automated, for one person)`

/** Without a box nothing would keep a page from the person's own files and network. */
function sandboxMissing(sandbox: Sandbox | undefined): LifeOsError {
  const reason = sandbox?.isolation.reason ?? 'this Life-OS was started without a sandbox'
  const mend = sandbox?.isolation.mend ? ` Mend it with: ${sandbox.isolation.mend}` : ''
  return new LifeOsError('sandbox-missing', `The browser runs only in a box, which this machine lacks: ${reason}.${mend}`, {
    class: 'operational',
    applied: 'no',
  })
}

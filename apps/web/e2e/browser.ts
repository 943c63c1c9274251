// A real Chromium, and what a test asks of any page: no error, nothing that axe calls serious, no scrolling sideways.
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'

const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export const WIDE = { width: 1440, height: 900 }
export const PHONE = { width: 390, height: 844 }

export async function openBrowser(): Promise<Browser> {
  const executablePath = process.env['LIFEOS_CHROMIUM'] ?? PLACES.find((place) => existsSync(place))
  if (executablePath === undefined)
    throw new Error('No Chromium found. Install one (apt-get install chromium), or name it in LIFEOS_CHROMIUM.')
  return chromium.launch({ executablePath, args: ARGS })
}

export interface Window {
  page: Page
  /** Scripts that threw and what the content policy refused, since the window was opened. */
  faults: string[]
}

/** A window of a person who is not signed in anywhere yet. */
export async function openWindow(browser: Browser): Promise<Window> {
  const context = await browser.newContext({ viewport: WIDE, reducedMotion: 'reduce', locale: 'en-GB' })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(`${page.url()}: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|Minified React error/.test(message.text()))
      faults.push(`${page.url()}: ${message.text()}`)
  })
  return { page, faults }
}

/** Until every transition has ended; what turns for ever is left out. */
const MOVED =
  'Promise.allSettled(document.getAnimations().filter((each) => each.effect.getComputedTiming().iterations !== Infinity).map((each) => each.finished)).then(() => undefined)'

interface Violation {
  id: string
  impact: string | null
  help: string
  nodes: { target: string[]; failureSummary?: string }[]
}

/** What axe calls serious or critical on the page as it stands, one line each. */
export async function seriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(`if (!globalThis.axe) { ${AXE} }`)
  const found = await page.evaluate<Violation[]>('axe.run(document, { resultTypes: ["violations"] }).then((result) => result.violations)')
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, impact, help, nodes }) =>
        `${impact} ${id}: ${help} (${nodes.length}: ${nodes[0]?.target.join(' ')}; ${nodes[0]?.failureSummary?.split('\n')[1]?.trim()})`,
    )
}

/** What can be scrolled sideways: the document, or a large part of the page that scrolls on its own. Text kept as it is may. */
export async function sideways(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`[document.documentElement, ...document.querySelectorAll('main, main *:not(pre, pre *)')]
    .filter((each) => each.scrollWidth > each.clientWidth + 1 && each.clientHeight > 200 && (each === document.documentElement || /auto|scroll/.test(getComputedStyle(each).overflowX)))
    .map((each) => each.tagName.toLowerCase() + ' ' + (each.getAttribute('aria-label') ?? each.className) + ': ' + each.scrollWidth + ' in ' + each.clientWidth + ' px')`)
}

/** Lets the page take on a size and a theme. */
export async function look(page: Page, size: { width: number; height: number }, theme: 'light' | 'dark'): Promise<void> {
  await page.setViewportSize(size)
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
  await page.locator(`html[data-theme="${theme}"]`).waitFor({ state: 'attached' })
  await page.evaluate(MOVED)
}

/** Waits until nothing is being loaded: there is a page, and no skeleton is on it. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main').waitFor()
  await page.locator('main:not(:has(.skeleton))').waitFor()
}

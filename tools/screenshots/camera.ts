import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import type { Page } from 'playwright-core'

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
const SIZES = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

export type Size = keyof typeof SIZES
export type Theme = 'light' | 'dark'
export const VIEWS = (Object.keys(SIZES) as Size[]).flatMap((size) => (['light', 'dark'] as const).map((theme) => ({ size, theme }))) // keys of SIZES

export interface Camera extends AsyncDisposable {
  page: Page
  /** Writes `<name>-<size>-<theme>.png`, unless it is only looked at, and asks axe about what is on it. */
  shoot(name: string, size: Size, theme: Theme, keep?: boolean): Promise<void>
  /** What axe and the browser's console found, one line each. */
  faults: readonly string[]
}

interface Violation {
  id: string
  help: string
  nodes: { target: string[]; failureSummary?: string }[]
}

/** A browser that looks at one page. It sees what a person sees: no request is changed on its way. */
export async function openCamera(folder: string, executablePath: string): Promise<Camera> {
  const browser = await chromium.launch({ executablePath, args: ARGS })
  const page = await browser.newPage({ bypassCSP: true })
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(`page error: ${error.message}`))
  return {
    page,
    faults,
    async shoot(name, size, theme, keep = true) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      await page.setViewportSize(SIZES[size])
      await page.waitForTimeout(500) // fonts, pictures and the virtual lists settle
      if (keep) await page.screenshot({ path: join(folder, `${name}-${size}-${theme}.png`) })
      await page.addScriptTag({ path: AXE })
      // While a dialog is open the page behind it is hidden from readers, and with it its heading and landmark.
      const hidden =
        (await page.getByRole('dialog').count()) > 0
          ? ', "landmark-one-main": { enabled: false }, "page-has-heading-one": { enabled: false }'
          : ''
      const found = await page.evaluate<Violation[]>(
        `axe.run({ rules: { "target-size": { enabled: true }${hidden} } }).then((result) => result.violations)`,
      )
      for (const { id, help, nodes } of found)
        faults.push(
          `${name} ${size} ${theme}: ${id}: ${help} (${nodes.length}, ${nodes[0]?.target.join(' ')}; ${nodes[0]?.failureSummary?.split('\n')[1]?.trim() ?? ''})`,
        )
    },
    async [Symbol.asyncDispose]() {
      await browser.close()
    },
  }
}

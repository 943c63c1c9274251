import type { Page } from 'playwright-core'
import { look, PHONE, seriousFaults, sideways, WIDE } from './browser.ts'

const VIEWS = [WIDE, PHONE].flatMap((size) => (['light', 'dark'] as const).map((theme) => ({ size, theme })))

/** What axe calls serious and what scrolls sideways in what is open, at both widths and in both themes; one line each. */
export async function faultsInEveryView(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const { size, theme } of VIEWS) {
    await look(page, size, theme)
    const faults = [...(await seriousFaults(page)), ...(await sideways(page))]
    found.push(...faults.map((fault) => `${size.width} px, ${theme}: ${fault}`))
  }
  await look(page, WIDE, 'light')
  return found
}

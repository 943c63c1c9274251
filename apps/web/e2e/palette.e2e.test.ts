// Finding anything by its name when the machine is slow: what is typed early, and what arrives late.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser, openWindow } from './browser.ts'
import { createLifeOs } from './server.ts'
import type { LifeOs } from './server.ts'

let life: LifeOs
let browser: Browser
let page: Page

beforeAll(async () => {
  life = await createLifeOs()
  browser = await openBrowser()
  await life.start()
  page = (await openWindow(browser)).page
  await page.goto(life.link())
  await page.getByRole('button', { name: /sample messy folder/ }).waitFor()
}, 60_000)
afterAll(async () => {
  await browser.close()
  await life[Symbol.asyncDispose]()
})

/** Holds what is fetched from an address like this until it is let go. */
async function hold(pattern: RegExp): Promise<{ asked: Promise<void>; letGo: () => void }> {
  const [asked, gone] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  await page.route(pattern, async (route) => {
    asked.resolve()
    await gone.promise
    await route.continue()
  })
  return { asked: asked.promise, letGo: gone.resolve }
}
const field = () => page.getByRole('combobox', { name: 'Find anything' })
const selected = () => page.getByRole('option', { selected: true })

test('what is typed before it is open goes into it, and does nothing else', async () => {
  const code = await hold(/palette[^/]*\.js/)
  await page.goto(`${life.address}/`)
  await page.getByRole('button', { name: /sample messy folder/ }).waitFor()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('g rtidx')
  await page.keyboard.press('Backspace')
  code.letGo()
  await field().waitFor()
  expect(await field().inputValue()).toBe('g rtid')
  expect(new URL(page.url()).pathname, 'g r is no shortcut now').toBe('/')
  await page.keyboard.type('y')
  expect(await field().inputValue()).toBe('g rtidy')
  await page.keyboard.press('Escape')
  await field().waitFor({ state: 'hidden' })
  await page.keyboard.type('gr')
  await page.waitForURL(/\/runs/)
})

test('workflows that arrive late are listed, and picked, as if they had been there', async () => {
  const listed = () => page.getByRole('option').allTextContents()
  const plans = await hold(/api\/v1\/plans(\?|$)/)
  await page.goto(`${life.address}/settings`)
  await page.getByRole('heading').first().waitFor()
  await page.keyboard.press('Control+k')
  await field().fill('dup')
  await plans.asked
  await selected().waitFor()
  const early = await listed()
  plans.letGo()
  await page.getByRole('option', { name: /Find and remove duplicates/ }).waitFor()
  await expect.poll(() => selected().textContent()).toContain('Find and remove duplicates')
  const late = [await listed(), await field().inputValue()]
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await field().fill('dup')
  await selected().waitFor()
  expect([await listed(), 'dup']).toEqual(late)
  expect(late[0]).not.toEqual(early)
  await page.keyboard.press('Enter')
  await page.waitForURL(/workflows\/find-duplicates/)
})

// A stranger's plugin from the folder to its removal, as a person at the page lives it.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { seriousFaults } from './browser.ts'
import { openDesk } from './desk.ts'
import type { Desk } from './desk.ts'
import { writeGuest } from './guest.ts'
import type { LifeOs } from './server.ts'
import { faultsInEveryView } from './views.ts'

let desk: Desk
let life: LifeOs
let page: Page
let folder: string

beforeAll(async () => {
  desk = await openDesk()
  ;({ life, page } = desk)
  folder = path.join(life.home, 'Projects', 'weather')
}, 60_000)

afterEach(() => expect(desk.faults).toEqual([]))

afterAll(() => desk[Symbol.asyncDispose]())

const button = (name: RegExp | string) => page.getByRole('button', { name })

async function install(): Promise<void> {
  await desk.open('/plugins')
  await button('Install a plugin').click()
  await page.getByRole('textbox', { name: 'Folder' }).fill(folder)
  await button('Look at it').click()
}

test('what is no plugin is said in the dialog, and nothing is installed', async () => {
  await desk.open('/plugins')
  await button('Install a plugin').click()
  await button('Look at it').click()
  await page.getByRole('alert').filter({ hasText: 'Choose a folder.' }).waitFor()
  await page.getByRole('textbox', { name: 'Folder' }).fill(path.join(life.home, 'Nowhere'))
  await button('Look at it').click()
  await page.getByRole('alert').filter({ hasText: 'Nowhere' }).waitFor()
  expect(await faultsInEveryView(page)).toEqual([])
  await page.keyboard.press('Escape')
})

test('before it is accepted all it may ask for is shown, the most dangerous first, and nothing of it runs', async () => {
  writeGuest(folder)
  await install()
  await page.getByRole('heading', { name: /Let Weather notes in\?/ }).waitFor({ timeout: 60_000 })
  const asked = page.getByRole('region', { name: 'It may ask for' }).or(page.locator('section', { hasText: 'It may ask for' }))
  const titles = await asked.first().locator('li p:first-child').allTextContents()
  expect(titles.map((title) => title.replace('high risk', '').trim())).toEqual([
    'Read the secret “weather” in the clear',
    'Change any file',
    'Read any file',
    'Talk to api.weather.example',
  ])
  await page.getByText('To fetch the forecast.').waitFor()
  await page.getByText('Grace Stranger').waitFor()
  expect(await page.getByRole('tab', { name: 'Tools' }).count(), 'no tool can be tried').toBe(0)
  expect(await faultsInEveryView(page)).toEqual([])
  await button('Not now').click()
  await page.getByRole('navigation', { name: 'Plugins' }).getByText('waits for you').waitFor()
})

test('accepted, it is enabled; its settings are kept, and a secret is made in place', async () => {
  await desk.open('/plugins?plugin=weather')
  await button(/Accept and enable/).click()
  await page.getByRole('tab', { name: 'Settings' }).click({ timeout: 60_000 })
  await page.getByRole('textbox', { name: 'City' }).waitFor()
  expect(await button(/^Save/).isDisabled(), 'nothing is changed yet').toBe(true)
  await page.getByRole('textbox', { name: 'City' }).fill('Graz')
  await page.getByRole('textbox', { name: 'Days' }).fill('99')
  await button(/^Save/).click()
  await page.getByRole('alert').filter({ hasText: 'Write 14 or less.' }).waitFor()
  await page.getByRole('textbox', { name: 'Days' }).fill('5')
  await button('New secret').click()
  const dialog = page.getByRole('dialog', { name: 'Add a secret' })
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('weather-key')
  await dialog.getByRole('textbox', { name: 'Token' }).fill('do-not-show-this')
  await dialog.getByRole('textbox', { name: 'May be sent to' }).fill('api.weather.example')
  await dialog.getByRole('button', { name: 'Keep it' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page
    .getByRole('button', { name: /API key|weather-key/ })
    .first()
    .waitFor()
  await button(/^Save/).click()
  await page.getByText('The settings are kept.').waitFor()
  await page.reload()
  await page.getByRole('textbox', { name: 'City' }).waitFor()
  expect(await page.getByRole('textbox', { name: 'City' }).inputValue()).toBe('Graz')
  expect(await page.getByRole('textbox', { name: 'Days' }).inputValue()).toBe('5')
  await page.getByText('weather-key').first().waitFor()
  expect(await page.content()).not.toContain('do-not-show-this')
  expect(await faultsInEveryView(page)).toEqual([])
})

test('a tool is tried: previewed, approved, done, and logged', async () => {
  const note = path.join(life.home, 'Documents', 'day.txt')
  await desk.open('/plugins?plugin=weather&tool=weather.jot')
  await button('Try it').click()
  const form = page.getByRole('form', { name: /Try Write the line/ })
  await form.getByRole('textbox', { name: 'Path' }).fill(note)
  await form.getByRole('textbox', { name: 'Text' }).fill('Sunny, ${{ not an expression }}')
  expect(await faultsInEveryView(page)).toEqual([])
  await form.getByRole('button', { name: /^Preview/ }).click()
  await button(/^Approve 1 change/).waitFor()
  expect(existsSync(note), 'nothing is written before the approval').toBe(false)
  await button(/^Approve 1 change/).click()
  await page.getByText(/can be undone until/).waitFor()
  expect(readFileSync(note, 'utf8')).toBe('Sunny, ${{ not an expression }}\n')
  await desk.open('/plugins?plugin=weather&tab=log')
  await page.getByRole('log').getByText('writes the line of the day').first().waitFor()
  expect(await faultsInEveryView(page)).toEqual([])
})

test('an update that asks for more waits, shows the difference, and the one before goes on', async () => {
  writeGuest(folder, { version: '2.0.0', more: [{ permission: 'exec:git', reason: 'To keep the notes in a repository.' }] })
  await desk.open('/plugins?plugin=weather')
  await button('More for Weather notes').click()
  await page.getByRole('menuitem', { name: 'Read the folder again' }).click()
  await page.getByRole('heading', { name: /Update Weather notes\?/ }).waitFor({ timeout: 60_000 })
  await page.getByText('Run git, shut in a box').waitFor()
  expect(await page.getByText('To fetch the forecast.').isVisible(), 'what stays is folded').toBe(false)
  expect(await faultsInEveryView(page)).toEqual([])
  await button('Not now').click()
  await page.getByText(/This one goes on until you decide/).waitFor()
  await page.getByText('1.0.0', { exact: true }).waitFor()
  await page.getByRole('link', { name: 'See what changes' }).click()
  await button(/Drop this version/).click()
  await page.getByText(/This one goes on until you decide/).waitFor({ state: 'detached' })
})

test('it is disabled, enabled, restarted and removed', async () => {
  await desk.open('/plugins?plugin=weather')
  const choose = async (name: RegExp | string): Promise<void> => {
    await button('More for Weather notes').click()
    await page.getByRole('menuitem', { name }).click()
  }
  await choose('Disable')
  await button('Enable').click()
  await button('Enable').waitFor({ state: 'detached' })
  await choose(/^Restart clean/)
  await page.getByText('No call was lost.').waitFor()
  await choose('Remove')
  const dialog = page.getByRole('dialog', { name: 'Remove Weather notes?' })
  await dialog.waitFor()
  expect(await seriousFaults(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click()
  await page.getByText('its data is kept').waitFor()
  await page.getByRole('navigation', { name: 'Plugins' }).getByText('Weather notes').waitFor({ state: 'detached' })
  expect(existsSync(path.join(folder, 'manifest.json')), 'the author’s folder is left alone').toBe(true)
})

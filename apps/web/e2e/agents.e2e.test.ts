// Agents as a person at the page looks after them, and the sentences that Life-OS proposes about the person.
import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { fill } from '../../../tools/lab/folder.ts'
import { settled } from './browser.ts'
import { openDesk } from './desk.ts'
import type { Desk } from './desk.ts'
import type { LifeOs } from './server.ts'
import { faultsInEveryView } from './views.ts'

const LONG = 'An agent with a name that is about as long as names may be before they are told off'

let desk: Desk
let life: LifeOs
let page: Page

beforeAll(async () => {
  desk = await openDesk({ LIFEOS_LOCAL_MODELS: 'off' })
  ;({ life, page } = desk)
}, 60_000)

afterEach(() => expect(desk.faults).toEqual([]))

afterAll(() => desk[Symbol.asyncDispose]())

const button = (name: RegExp | string, within: Page | Locator = page) => within.getByRole('button', { name })
const tab = (name: string) => page.getByRole('tab', { name })
const field = (name: string) => page.getByRole('textbox', { name, exact: true })
const list = () => page.getByRole('navigation', { name: 'Agents' })
const open = async (search: string): Promise<void> => {
  await page.goto(`${life.address}/agents${search}`)
  await settled(page)
}

test('three agents are there; each says what it is told, what it may use and what that comes to', async () => {
  await open('')
  for (const name of ['Assistant', 'Coder', 'File clerk']) await button(new RegExp(`^${name}`), list()).waitFor()
  await page.getByRole('heading', { name: 'Answering' }).waitFor()
  await page.getByText('30 minutes · 400,000 tokens').waitFor()
  expect(await faultsInEveryView(page)).toEqual([])
  await tab('Tools and permissions').click()
  await page.getByText('Change any file').waitFor()
  await page.getByText('Move a file or folder', { exact: true }).click()
  await page.getByLabel('Input of Move a file or folder').getByText('"to"').first().waitFor()
  expect(await faultsInEveryView(page)).toEqual([])
  await tab('Statistics').click()
  await page.getByText('It has not been asked anything yet.').waitFor()
  expect(await faultsInEveryView(page)).toEqual([])
})

test('what is changed is a new version, shown as a difference, and the one before can be the newest again', async () => {
  await open('?agent=coder&tab=edit')
  const told = await field('What it is told').inputValue()
  await field('What it is told').fill(`${told}\nNever touch the folder named vendor.\n`)
  await field('Rounds of one turn').fill('a few')
  await page.getByRole('alert').filter({ hasText: 'A number from 1 to 200.' }).waitFor()
  expect(await button('Keep as a new version').isDisabled()).toBe(true)
  expect(await faultsInEveryView(page)).toEqual([])
  await field('Rounds of one turn').fill('12')
  await page.getByRole('checkbox', { name: 'Review each tool call' }).click()
  await button('Keep as a new version').click()
  await page.getByText(/^Version .* of Coder is kept\.$/).waitFor()
  await list().getByText('review').waitFor()

  await tab('Versions').click()
  await page.getByText('Never touch the folder named vendor.').first().waitFor()
  expect(await faultsInEveryView(page)).toEqual([])
  await button(/^1\.0\.0/).click()
  await button('Make 1.0.0 the newest again').click()
  await page.getByText(/^Coder is as it was/).waitFor()
  await list().getByText('review').waitFor({ state: 'detached' })
  await tab('Edit').click()
  expect(await field('What it is told').inputValue()).toBe(told)
})

test('a shipped agent that was changed goes back to what is shipped', async () => {
  await open('?agent=coder')
  await button('Back to what is shipped').click()
  await button('Go back', page.getByRole('alertdialog')).click()
  await button('Back to what is shipped').waitFor({ state: 'detached' })
})

test('an agent is switched off and on', async () => {
  await open('?agent=file-clerk')
  await button('Switch off').click()
  await list().getByText('off', { exact: true }).waitFor()
  await expect.poll(() => button('Talk').isDisabled()).toBe(true) // the list and the agent are read apart
  await button('Switch on').click()
  await list().getByText('off', { exact: true }).waitFor({ state: 'detached' })
})

test('a new agent is made by keyboard alone, is found by its name, and is removed', async () => {
  await open('')
  await button('New agent').focus()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'A new agent' }).waitFor()
  await page.keyboard.type(LONG)
  await page.keyboard.press('Tab')
  await page.keyboard.type('Count what there is to count.')
  expect(await faultsInEveryView(page)).toEqual([])
  await field('What it is told').focus()
  for (const key of ['Tab', 'Tab', 'Enter']) await page.keyboard.press(key)
  await page.getByRole('heading', { name: LONG }).waitFor()
  await page.getByText('asks before every tool call').waitFor()
  await tab('Edit').click()
  await field('Tools').fill('files.*\nweb.*\ntext.*\ngit.*\nshell.*\nnothing.here')
  await button('Keep as a new version').click()
  await page.getByText(/^Version .* is kept\.$/).waitFor()
  await tab('Tools and permissions').click()
  await page.getByText('Not there: nothing.here. Enable the plugins that bring them.').waitFor()
  expect(await faultsInEveryView(page)).toEqual([])

  await page.goto(life.address)
  await settled(page)
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Find anything' }).fill('told off')
  await page.getByRole('option', { name: LONG }).click()
  await button('Remove').click()
  await button('Remove', page.getByRole('alertdialog')).click()
  await page.getByRole('heading', { name: LONG }).waitFor({ state: 'detached' })
})

/** Previews a tidying of the folder and refuses it for the reason. */
async function refuseTidying(folder: string, reason: string): Promise<void> {
  await page.goto(`${life.address}/workflows/tidy-folder?inputs=${encodeURIComponent(JSON.stringify({ folder }))}`)
  await settled(page)
  await button(/^Preview/).click()
  await button(/^Approve/).waitFor()
  await button(/^Refuse/).click()
  await page.getByRole('dialog').or(page.getByRole('alertdialog')).getByRole('textbox').fill(reason)
  await button(/^Refuse/, page.getByRole('dialog').or(page.getByRole('alertdialog'))).click()
  await page.getByRole('dialog').or(page.getByRole('alertdialog')).waitFor({ state: 'detached' })
}

test('what is refused twice for one reason is proposed as a sentence: kept, reworded, switched off, forgotten', async () => {
  await open('?agent=~learned')
  await page.getByText('Nothing yet').waitFor()
  expect(await faultsInEveryView(page)).toEqual([])
  const folder = `${life.home}/Downloads`
  fill(folder, { 'invoice.pdf': 'short', 'holiday.jpg': 'picture' })
  await refuseTidying(folder, 'keep invoices where I put them')
  await refuseTidying(folder, 'keep invoices where I put them')
  await open('?agent=~learned')
  const sentence = page.getByText('Keep invoices where I put them.')
  await sentence.waitFor()
  await page.getByRole('heading', { name: 'Proposed' }).waitFor()
  expect(await faultsInEveryView(page)).toEqual([])
  const line = page
    .locator('div', { has: sentence })
    .filter({ has: page.getByRole('button', { name: 'Reword' }) })
    .last()
  await button('Keep', line).click()
  await page.getByRole('heading', { name: 'Kept' }).waitFor()
  await button('Reword', line).click()
  await page.getByRole('textbox', { name: 'The sentence' }).fill('Never move invoices.')
  await page.keyboard.press('Enter')
  await page.getByText('Never move invoices.').waitFor()
  expect(await faultsInEveryView(page)).toEqual([])
  const reworded = page.locator('section', { has: page.getByRole('heading', { name: 'Kept' }) })
  await button('Switch off', reworded).click()
  const off = page.locator('section', { has: page.getByRole('heading', { name: 'Off' }) })
  await off.getByText('Never move invoices.').waitFor()
  await button('Forget', off).click()
  await page.getByText('Never move invoices.').waitFor({ state: 'detached' })
  await page.getByRole('textbox', { name: 'A sentence for your agents' }).fill('Dates go first in file names.')
  await page.keyboard.press('Enter')
  await page
    .locator('section', { has: page.getByRole('heading', { name: 'Kept' }) })
    .getByText('Dates go first in file names.')
    .waitFor()
})

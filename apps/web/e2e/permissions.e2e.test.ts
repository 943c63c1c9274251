// What may happen without a person: the five answers, what is remembered, levels, secrets, labels, and the record of it all.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openDesk } from './desk.ts'
import type { Desk } from './desk.ts'
import { writeGuest } from './guest.ts'
import type { LifeOs } from './server.ts'
import { faultsInEveryView } from './views.ts'

const CANARY = 'canary-5f1d0c'

let desk: Desk
let life: LifeOs
let page: Page

beforeAll(async () => {
  desk = await openDesk()
  ;({ life, page } = desk)
  const folder = writeGuest(path.join(life.home, 'Projects', 'weather'))
  const { pending } = await desk.call<{ pending: { digest: string } }>('POST', '/plugins/install', { folder })
  await desk.call('POST', '/plugins/weather/accept', { digest: pending.digest })
}, 120_000)

afterEach(() => expect(desk.faults).toEqual([]))

afterAll(() => desk[Symbol.asyncDispose]())

const button = (name: RegExp | string) => page.getByRole('button', { name })

const noteOf = (name: string): string => path.join(life.home, 'Documents', `${name}.txt`)

/** A run on its own that asks for a note in the middle of its work. The plan is named apart, since what is remembered is its. */
async function runThatAsks(name: string, plan = name): Promise<string> {
  writeFileSync(noteOf(name), `note of ${name}`)
  const run = await desk.call<{ id: string }>('POST', '/runs', {
    mode: 'autopilot',
    inputs: {},
    plan: {
      id: `look-${plan}`,
      name: `Look at ${name}`,
      steps: [{ id: 'look', tool: 'weather.peek', input: { note: noteOf(name) } }],
      outputs: { text: '${{ steps.look.text }}' },
    },
  })
  return run.id
}

async function ask(name: string, plan?: string): Promise<string> {
  const run = await runThatAsks(name, plan)
  await desk.open(`/runs/${run}`)
  await button('Deny always').waitFor()
  return run
}
const done = (): Promise<void> => page.getByText(/^Done in/).waitFor()
const grantsWith = (words: string) => page.getByRole('list', { name: 'Decisions' }).getByRole('listitem').filter({ hasText: words })

test('a question in plain words with five answers, also in the inbox and on a phone', async () => {
  await ask('first')
  await page.getByRole('list', { name: 'What it asks for' }).getByText('Read ~/Documents/first.txt').waitFor()
  for (const name of ['Allow once', 'Allow for this run', 'Always here', 'Deny', 'Deny always'])
    expect(await button(new RegExp(`^${name}( |$)`)).count(), name).toBeGreaterThan(0)
  expect(await faultsInEveryView(page)).toEqual([])
  await desk.open('/inbox')
  await button('Deny always').waitFor()
  expect(await faultsInEveryView(page)).toEqual([])
})

test('allow once: the run goes on, and nothing is remembered', async () => {
  await desk.open('/inbox')
  await button(/^Allow once/).click()
  await page.getByText('Nothing waits for you').waitFor()
  await desk.open('/permissions?tab=grants&q=first.txt')
  await page.getByText('No decision matches').waitFor()
  await ask('first') // so it is asked again
  await button(/^Allow for this run/).click()
  await done()
  await page.getByText('note of first').waitFor()
  await desk.open('/permissions?tab=grants&q=first.txt')
  await page.getByText('No decision matches').waitFor()
})

test('always here: remembered as narrowly as was chosen, and not asked again', async () => {
  await ask('second')
  await button(/^Always here/).click()
  await done()
  await desk.open('/permissions?tab=grants&q=second.txt')
  await grantsWith('Read ~/Documents/second.txt').waitFor()
  expect(await grantsWith('second.txt').getByText('allow', { exact: true }).count()).toBe(1)
  const again = await runThatAsks('second')
  await desk.open(`/runs/${again}`)
  await done()
})

test('deny: the step fails, and it is asked again the next time', async () => {
  await ask('third')
  await button(/^Deny(?! always)/).click()
  await page.getByRole('alert').first().waitFor()
  await page.getByText('Failed').first().waitFor()
  await ask('third')
})

test('deny always: remembered as a denial, and the next run fails without asking', async () => {
  await button('Deny always').click()
  await page.getByText('Failed').first().waitFor()
  await desk.open('/permissions?tab=grants&verdict=deny')
  await grantsWith('third.txt').waitFor()
  const again = await runThatAsks('third')
  await desk.open(`/runs/${again}`)
  await page.getByText('Failed').first().waitFor()
})

test('a remembered decision is found, revoked, and brought back by undo', async () => {
  await desk.open('/permissions?tab=grants')
  await grantsWith('second.txt').waitFor()
  expect(await faultsInEveryView(page)).toEqual([])
  await page.getByRole('searchbox', { name: 'Search decisions' }).fill('second')
  await expect.poll(() => page.getByRole('list', { name: 'Decisions' }).getByRole('listitem').count()).toBe(1)
  expect(new URL(page.url()).searchParams.get('q')).toBe('second')
  await grantsWith('second.txt')
    .getByRole('button', { name: /^Revoke/ })
    .click()
  await page.getByText('No decision matches').waitFor()
  await button('Undo').click()
  await grantsWith('second.txt').waitFor()
  await grantsWith('second.txt')
    .getByRole('button', { name: /^Revoke/ })
    .click()
  await page.getByText('No decision matches').waitFor()
  await ask('second') // it is asked again
  await button(/^Deny(?! always)/).click()
})

test('a level writes decisions, and the most far-reaching ones ask first', async () => {
  await desk.open('/permissions')
  const files = page.getByRole('radiogroup', { name: 'Files for everything' })
  await files.getByRole('radio', { name: 'suggest' }).click()
  await page.getByText('Reads any file; asks before it changes one.').waitFor()
  expect(await faultsInEveryView(page)).toEqual([])
  await page.getByRole('radiogroup', { name: 'Commands for everything' }).getByRole('radio', { name: 'all' }).click()
  const asked = page.getByRole('alertdialog', { name: 'Commands: all?' })
  await asked.getByRole('button', { name: 'Cancel' }).click()
  await page.reload()
  await page.getByText('Reads any file; asks before it changes one.').waitFor()
  expect(await page.getByText('Starts any program in its box without asking.').count(), 'cancelled').toBe(0)
  const run = await runThatAsks('fourth')
  await desk.open(`/runs/${run}`)
  await done() // looking is free at this level
  await desk.open('/permissions')
  await page.getByRole('radiogroup', { name: 'Files for everything' }).getByRole('radio', { name: 'none' }).click()
  await page.getByText('No file is read or changed.').waitFor()
})

test('a secret is added, replaced and deleted, and its value is never shown', async () => {
  await desk.open('/settings?section=secrets')
  await button('Add a secret').click()
  const dialog = page.getByRole('dialog', { name: 'Add a secret' })
  await dialog.getByRole('button', { name: 'Keep it' }).click()
  await dialog.getByText('Give it a name.').waitFor()
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('mail')
  await dialog.getByRole('radio', { name: 'OAuth 2' }).click()
  await dialog.getByRole('textbox', { name: 'Token address' }).fill('https://auth.example.org/token')
  expect(await faultsInEveryView(page)).toEqual([])
  await dialog.getByRole('radio', { name: 'Token', exact: true }).click()
  await dialog.getByRole('textbox', { name: 'Token' }).fill(CANARY)
  await dialog.getByRole('textbox', { name: 'May be sent to' }).fill('https://mail.example.org/api')
  await dialog.getByRole('button', { name: 'Keep it' }).click()
  await page.getByText('only to mail.example.org').waitFor()
  expect(await faultsInEveryView(page)).toEqual([])
  expect(await page.content()).not.toContain(CANARY)
  expect(
    JSON.stringify(await page.evaluate(() => fetch('/api/v1/secrets').then((answer) => answer.json() as Promise<unknown>))),
  ).not.toContain(CANARY)
  await button('Replace mail').click()
  const replacing = page.getByRole('dialog', { name: 'Replace mail' })
  expect(await replacing.getByRole('textbox', { name: 'Token' }).inputValue(), 'it is not filled in').toBe('')
  await page.keyboard.press('Escape')
  await button('Delete mail').click()
  await page
    .getByRole('alertdialog', { name: /Delete the secret mail/ })
    .getByRole('button', { name: 'Delete' })
    .click()
  await page.getByText('No secrets').waitFor()
})

test('a folder is labelled and its label is taken away again', async () => {
  mkdirSync(path.join(life.home, 'Documents', 'Health'))
  await desk.open('/settings?section=labels')
  await button('Label a folder').click()
  await button('Documents').first().click()
  await button('Health').click()
  await button('Choose this folder').click()
  await page.getByRole('dialog', { name: 'Label a folder' }).getByRole('button', { name: 'Set the label' }).click()
  await button('Remove the label of Health').waitFor()
  expect(await faultsInEveryView(page)).toEqual([])
  await button('Remove the label of Health').click()
  await button('Remove the label of Health').waitFor({ state: 'detached' })
  await button('Remove the label of Downloads').click() // strangers write there, so it had one from the start
  await page.getByText('No folder has a label').waitFor()
})

test('the record is cut down by every filter, the address holds the view, and it is proved whole', async () => {
  await desk.open('/audit')
  const records = page.getByRole('listbox', { name: 'Records' }).getByRole('option')
  await records.first().waitFor()
  expect(await faultsInEveryView(page)).toEqual([])
  const total = Number((await page.getByText(/^[\d,]+ records$/).textContent())?.replace(/\D/g, ''))
  await button(/^Kind/).click()
  await page.getByRole('menuitemradio', { name: 'Permissions' }).click()
  await page
    .getByText(/^[\d,]+ records?$/)
    .filter({ hasNotText: new RegExp(`^${total} `) })
    .waitFor()
  for (const text of await records.allTextContents()) expect(text).toContain('grant')
  await button(/^Decision/).click()
  await page.getByRole('menuitemradio', { name: 'deny' }).click()
  await expect.poll(async () => (await records.allTextContents()).every((text) => text.endsWith('deny'))).toBe(true)
  expect(Object.fromEntries(new URL(page.url()).searchParams)).toMatchObject({ kind: 'grant', verdict: 'deny' })
  await page.reload()
  await records.first().waitFor()
  expect(await button('Kind: Permissions').count(), 'the address holds the view').toBe(1)
  await records.first().click()
  await page.getByRole('complementary', { name: 'Details' }).getByText('As it was written down').waitFor()
  expect(await faultsInEveryView(page)).toEqual([])

  await desk.open('/audit?kind=approval')
  await records.first().click()
  const details = page.getByRole('complementary', { name: 'Details' })
  await details.getByRole('button', { name: 'Only this run' }).click()
  await expect.poll(() => new URL(page.url()).searchParams.get('run')).toMatch(/^[0-9a-f-]{36}$/)
  await button(/^No longer only run/).click()
  await expect.poll(() => new URL(page.url()).searchParams.get('run')).toBeNull()
  await page.getByRole('searchbox', { name: 'Search the record' }).fill('no such words at all')
  await page.getByText('No record matches').waitFor()
  await button('Verify').click()
  await page
    .getByRole('status')
    .filter({ hasText: /records, whole/ })
    .waitFor()
  expect(readFileSync(noteOf('first'), 'utf8'), 'all of this only looked').toBe('note of first')
})

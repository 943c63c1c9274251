// Models as a person at the page meets them: from none, to one found on the machine, to one in the cloud with a key and a limit.
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { ollamaServer, openaiServer } from '../../../tools/lab/models.ts'
import type { WireServer } from '../../../tools/lab/models.ts'
import { openBrowser, openWindow, settled } from './browser.ts'
import type { Window } from './browser.ts'
import { createLifeOs } from './server.ts'
import type { LifeOs } from './server.ts'
import { faultsInEveryView } from './views.ts'

const KEY = 'a-key-that-nobody-else-may-see'
const LONG = `vendor/${'a-model-with-a-name-that-goes-on-'.repeat(3)}`.slice(0, 80)
const PICTURE = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

let ollama: WireServer
let cloud: WireServer
let life: LifeOs
let browser: Browser
let owner: Window
let page: Page
/** What every answer of the API held, for what must never be in one. */
const answers: string[] = []
/** A pull waits at each of its notes until it is let on. */
const pull = Promise.withResolvers<void>()

beforeAll(async () => {
  ollama = await ollamaServer({
    models: [
      { name: 'qwen3:4b', size: 2_500_000_000 },
      { name: 'gemma3:4b', capabilities: ['completion', 'vision'], size: 3_300_000_000 },
    ],
    answer: ({ messages }) => (messages.some(({ pictures }) => pictures.length > 0) ? 'It is one red dot.' : 'I am good at short answers.'),
    library: ['qwen3:0.6b', 'qwen3:1.7b'],
    pullPace: (note) => (note >= 3 ? pull.promise : undefined),
  })
  cloud = await openaiServer({
    key: KEY,
    models: [LONG, ...Array.from({ length: 199 }, (_, index) => `vendor/model-${index}`)],
    answer: { text: 'Yes.', usage: { input: 12_000, output: 3000 } },
  })
  life = await createLifeOs({ OLLAMA_HOST: ollama.place })
  browser = await openBrowser()
}, 60_000)

afterEach(() => expect(owner.faults).toEqual([]))

afterAll(async () => {
  await browser.close()
  await life[Symbol.asyncDispose]()
  await ollama[Symbol.asyncDispose]()
  await cloud[Symbol.asyncDispose]()
})

const button = (name: RegExp | string, within: Page | Locator = page) => within.getByRole('button', { name })
const status = () => page.getByRole('contentinfo', { name: 'Status' })
const open = async (tab = ''): Promise<void> => {
  await page.goto(`${life.address}/models${tab === '' ? '' : `?tab=${tab}`}`)
  await settled(page)
}
const choose = async (trigger: Locator, item: RegExp | string): Promise<void> => {
  await trigger.click()
  await page.getByRole('menuitem', { name: item }).click()
}
const finder = () => page.getByRole('combobox', { name: 'Find a model' })
/** By keyboard: what is typed finds the model, Enter takes it. */
const pickModel = async (trigger: Locator, words: string, found: RegExp): Promise<void> => {
  await trigger.focus()
  await page.keyboard.press('Enter')
  await finder().waitFor()
  await page.keyboard.type(words)
  await page.locator('[cmdk-item][aria-selected=true]').filter({ hasText: found }).waitFor()
  await page.keyboard.press('Enter')
  await finder().waitFor({ state: 'detached' })
}

test('without any model the page says what works all the same, and the two ways to one', async () => {
  ollama.options.fault = { status: 503 }
  await life.start()
  owner = await openWindow(browser)
  page = owner.page
  page.on('response', (response) => {
    if (response.url().includes('/api/'))
      response.text().then(
        (text) => answers.push(text),
        () => undefined,
      )
  })
  await page.goto(life.link())
  await button(/sample messy folder/).waitFor()
  await open()
  await page.getByRole('heading', { name: 'No model yet' }).waitFor()
  await page.getByText('Life-OS works without one').waitFor()
  await status().getByRole('link', { name: 'no model' }).waitFor()
  expect(await faultsInEveryView(page)).toEqual([])
  await button('Look on this machine').click()
  await page.getByText('Neither Ollama nor LM Studio answers').waitFor()
  expect(await faultsInEveryView(page)).toEqual([])
})

test('Ollama is found by itself, with what its models can do', async () => {
  delete ollama.options.fault
  await button('Look again').click()
  await page.getByText('found by itself').waitFor()
  await page.getByRole('tab', { name: 'Models' }).click()
  await button(/^qwen3:4b .*2\.5 GB.*text.*tools.*free, private/).waitFor()
  await button(/^gemma3:4b .*pictures in/).waitFor()
  await page.reload()
  await status().getByRole('link', { name: 'local models ok' }).waitFor()
  expect(await faultsInEveryView(page)).toEqual([])
})

test('a prompt is tried, and one with a picture', async () => {
  const picture = path.join(life.home, 'Documents', 'dot.png')
  mkdirSync(path.dirname(picture), { recursive: true })
  writeFileSync(picture, PICTURE)
  await open()
  await button(/^gemma3:4b/).click()
  const dialog = page.getByRole('dialog', { name: 'gemma3:4b' })
  await button('Send', dialog).click()
  await dialog.getByText('I am good at short answers.').waitFor()
  await dialog.locator('input[type=file]').setInputFiles(picture)
  await button('Without dot.png', dialog).waitFor()
  await button('Send', dialog).click()
  await dialog.getByText('It is one red dot.').waitFor()
  expect(ollama.asked.at(-1)?.messages.at(-1)?.pictures).toEqual([PICTURE.toString('base64')])
  expect(await faultsInEveryView(page)).toEqual([])
  await page.keyboard.press('Escape')
})

test('a model is fetched with its progress, stopped, fetched again and deleted', async () => {
  await open()
  await button('Fetch Qwen 3, 0.6 B').click()
  await page.getByText('2 MB of 4 MB').waitFor()
  expect(await faultsInEveryView(page)).toEqual([])
  await button('Stop fetching ollama/qwen3:0.6b').click()
  await page.getByText('It was stopped. Pulling it again goes on where it stopped.').waitFor()
  pull.resolve()
  await button('Fetch again ollama/qwen3:0.6b').click()
  await button(/^qwen3:0\.6b/).click()
  await button('Delete').click()
  await button('Delete', page.getByRole('alertdialog', { name: 'Delete qwen3:0.6b?' })).click()
  await page.getByText('qwen3:0.6b is gone from this machine.').waitFor()
  await button(/^qwen3:0\.6b/).waitFor({ state: 'detached' })
  await page.getByRole('textbox', { name: 'Name of another model' }).fill('no-such-model')
  await page.keyboard.press('Enter')
  await page
    .getByText(/file does not exist|has no model/)
    .first()
    .waitFor()
})

test('a provider is added with a key, by keyboard alone; the key goes to its address and nowhere else', async () => {
  await open('providers')
  await button('Add').focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Add a provider' })
  await page.keyboard.press('Control+Enter')
  await dialog.getByRole('alert').filter({ hasText: 'It does not answer without a key.' }).waitFor()
  await button('Kind: OpenAI', dialog).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('menuitemradio', { name: /OpenAI-compatible/ }).focus()
  await page.keyboard.press('Enter')
  await dialog.getByRole('textbox', { name: 'Name' }).focus()
  await page.keyboard.press('Control+a')
  await page.keyboard.type('Far away')
  await page.keyboard.press('Tab')
  await page.keyboard.type(cloud.url)
  await page.keyboard.press('Tab')
  await page.keyboard.type('not-the-right-key')
  expect(await faultsInEveryView(page)).toEqual([])
  await page.keyboard.press('Control+Enter')
  await page.getByText('Key refused').waitFor()
  await page
    .getByText(/Far away refused the key/)
    .first()
    .waitFor()
  expect(cloud.seen.at(-1)?.headers.authorization).toBe('Bearer not-the-right-key')
  await status().getByRole('link', { name: 'Far away refuses its key' }).waitFor()
  expect(await faultsInEveryView(page)).toEqual([])

  await choose(button('More about Far away'), 'Change')
  await page.getByRole('textbox', { name: 'Key' }).fill(KEY)
  await page.keyboard.press('Control+Enter')
  await page.getByText('200 models').waitFor()
  expect(cloud.seen.at(-1)?.headers.authorization).toBe(`Bearer ${KEY}`)
  await page.getByText('key far-away-key').waitFor()
})

test('no answer of the API and no page holds the key, and nobody else was sent it', async () => {
  for (const place of ['/models?tab=providers', '/settings?tab=secrets', '/audit']) {
    await page.goto(life.address + place)
    await settled(page)
    expect(await page.content()).not.toContain(KEY)
  }
  expect(
    answers.some((text) => text.includes('far-away-key')),
    'the name of the secret is told',
  ).toBe(true)
  expect(answers.filter((text) => text.includes(KEY))).toEqual([])
  expect(ollama.seen.filter(({ headers }) => JSON.stringify(headers).includes(KEY))).toEqual([])
})

test('two hundred models: the first few, the rest when wanted, and one found by its name', async () => {
  await open()
  const group = page.locator('section', { has: page.getByRole('heading', { name: 'Far away' }) })
  await button('Show the other 188', group).waitFor()
  expect(await group.getByRole('button', { name: /^vendor/ }).count()).toBe(12)
  expect(await faultsInEveryView(page)).toEqual([])
  await button('Show the other 188').click()
  await group
    .getByRole('button', { name: /^vendor/ })
    .nth(199)
    .waitFor()
  expect(await group.getByRole('button', { name: /^vendor/ }).count()).toBe(200)
  await page.getByRole('searchbox', { name: 'Find a model' }).fill('model-177')
  await button(/^vendor\/model-177/).waitFor()
  expect(await page.getByRole('button', { name: /^vendor/ }).count()).toBe(1)
  await page.getByRole('searchbox', { name: 'Find a model' }).fill('nobody')
  await page.getByText('No model here is called that.').waitFor()
})

test('which model is taken for what is put in an order', async () => {
  await open('choices')
  const rows = page.getByRole('list', { name: 'Models for default' }).getByRole('listitem')
  await pickModel(button('Choose a model').first(), 'qwen', /qwen3:4b/)
  await rows.first().waitFor()
  await button('And then').click()
  await page.getByRole('option').nth(99).waitFor()
  expect(await page.getByRole('option').count(), 'two hundred models and more: the first hundred, and the rest by typing').toBe(100)
  await page.getByRole('group', { name: 'far-away · on this machine' }).waitFor()
  expect(await faultsInEveryView(page)).toEqual([])
  await finder().fill('nobody')
  await page.getByText('No model here is called that.').waitFor()
  expect(await faultsInEveryView(page)).toEqual([])
  await page.keyboard.press('Escape')
  await pickModel(button('And then'), 'far model-7', /^vendor\/model-7/)
  await rows.nth(1).waitFor()
  await button('far-away/vendor/model-7 earlier').click()
  await rows.first().filter({ hasText: 'far-away/vendor/model-7' }).waitFor()
  expect(await faultsInEveryView(page)).toEqual([])
  await page.reload()
  await rows.first().waitFor()
  expect(await rows.allTextContents()).toEqual(['far-away/vendor/model-7', 'ollama/qwen3:4b'])
  await button('Without far-away/vendor/model-7').click()
  await rows.nth(1).waitFor({ state: 'detached' })
})

test('a list of their own, a model for one agent and a price are kept, by keyboard', async () => {
  await open('choices')
  await page.getByRole('textbox', { name: 'Name of another list' }).fill('drafts')
  await page.keyboard.press('Enter')
  const row = page.locator('div.flex.gap-4', { has: page.getByText('drafts', { exact: true }) })
  await pickModel(button('Choose a model', row), 'gemma', /gemma3/)
  await page.getByRole('list', { name: 'Models for drafts' }).getByRole('listitem').waitFor()
  await page.getByRole('combobox', { name: 'Id of an agent, tool or plugin' }).fill('coder')
  await page.keyboard.press('Enter')
  await pickModel(button('Model for coder: default'), 'drafts', /^drafts/)
  await button('Model for coder: drafts').waitFor()
  await pickModel(button('Choose a model').last(), 'model-8', /^vendor\/model-8/)
  await page.getByRole('textbox', { name: 'Price of what goes in' }).fill('2.50')
  await page.getByRole('textbox', { name: 'Price of what comes out' }).fill('10')
  await page.keyboard.press('Enter')
  await page.getByText('2.50 $ in · 10.00 $ out').first().waitFor()
  expect(await faultsInEveryView(page)).toEqual([])
  await page.reload()
  await button('Model for coder: drafts').waitFor()
  await button('No choice for coder').click()
  await button('Model for coder: drafts').waitFor({ state: 'detached' })
  await button('Without the list drafts').click()
  await page.getByRole('list', { name: 'Models for drafts' }).waitFor({ state: 'detached' })
  await button('Without the price of far-away/vendor/model-8').click()
  await button('Without the price of far-away/vendor/model-8').waitFor({ state: 'detached' })
})

test('a limit is kept, and what is no amount is explained', async () => {
  await open('choices')
  const day = page.getByRole('textbox', { name: 'Everybody, a day' })
  await day.fill('a lot')
  await page.getByRole('alert').filter({ hasText: 'Write an amount such as 0.50.' }).waitFor()
  expect(await button('Keep these limits').isDisabled()).toBe(true)
  expect(await faultsInEveryView(page)).toEqual([])
  await day.fill('2.50')
  await button('Keep these limits').click()
  await page.reload()
  await day.waitFor()
  expect(await day.inputValue()).toBe('2.50')
})

test('what was asked is counted: a chart, a table, and the limit', async () => {
  await open('costs')
  await page.getByText('Everybody, today').waitFor()
  await page.getByRole('figure', { name: 'Cost by day' }).waitFor()
  const table = page.getByRole('group', { name: 'What it went to' })
  await table.getByRole('row', { name: /ollama\/gemma3:4b 2 / }).waitFor()
  await page.getByText('tried by hand').first().waitFor()
  expect(await faultsInEveryView(page)).toEqual([])
  await page.getByRole('radio', { name: 'Tokens' }).click()
  await page.getByRole('figure', { name: 'Tokens by day' }).waitFor()
  await page.getByRole('radio', { name: 'Person' }).click()
  await table.getByRole('row', { name: /^ollama/ }).waitFor({ state: 'detached' })
  await status()
    .getByRole('link', { name: /today$/ })
    .waitFor()
})

test('a provider is forgotten; without the server the page says so and comes back', async () => {
  await open('providers')
  await choose(button('More about Far away'), 'Forget')
  await button('Forget', page.getByRole('alertdialog', { name: 'Forget Far away?' })).click()
  await button('More about Far away').waitFor({ state: 'detached' })
  await life.kill()
  await page.getByRole('tab', { name: 'Costs' }).click()
  await status().getByText('not connected').waitFor()
  await life.start()
  await status().getByRole('link', { name: 'local models ok' }).waitFor()
})

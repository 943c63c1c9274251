// A published MCP server from the command that starts it to its removal, as a person at the page lives it.
import { existsSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { installed } from '../../../tools/lab/mcp.ts'
import { settled } from './browser.ts'
import { openDesk } from './desk.ts'
import type { Desk } from './desk.ts'
import type { LifeOs } from './server.ts'
import { faultsInEveryView } from './views.ts'

const SLOW = { timeout: 60_000 }

let npm: ReturnType<typeof installed>
let desk: Desk
let life: LifeOs
let page: Page

beforeAll(async () => {
  npm = installed('@modelcontextprotocol/server-everything')
  desk = await openDesk({ LIFEOS_LOCAL_MODELS: 'off' })
  ;({ life, page } = desk)
}, 120_000)

afterEach(() => expect(desk.faults).toEqual([]))

afterAll(async () => {
  await desk[Symbol.asyncDispose]()
  npm[Symbol.dispose]()
}, 60_000)

const button = (name: RegExp | string) => page.getByRole('button', { name })
const field = (name: string) => page.getByRole('dialog').getByRole('textbox', { name })
const servers = () => page.getByRole('navigation', { name: 'MCP servers' })

test('without any server the page says what one brings; its form says what is missing', async () => {
  await page.goto(`${life.address}/plugins`)
  await page.getByRole('link', { name: 'MCP' }).click()
  await page.getByRole('heading', { name: 'No MCP servers' }).waitFor()
  expect(await faultsInEveryView(page)).toEqual([])
  await button('Set one up').click()
  await field('Arguments').fill('"not closed')
  await field('Folders it sees').fill('relative')
  await page.keyboard.press('Control+Enter')
  for (const words of ['Give it a name', 'A quotation mark is not closed.', '“relative” must begin with /.'])
    await page.getByRole('alert').filter({ hasText: words }).waitFor()
  expect(await faultsInEveryView(page)).toEqual([])
  await page.keyboard.press('Escape')
})

test('a command that is wrong is explained, with what it printed', async () => {
  await button('Set one up').click()
  await field('Name').fill('Wrong one')
  await field('Arguments').fill('/nowhere/index.js')
  await page.keyboard.press('Control+Enter')
  const alert = page.getByRole('alert').filter({ hasText: 'Look at the program and its arguments' })
  await alert.waitFor(SLOW)
  await page.getByText("Cannot find module '/nowhere/index.js'").waitFor()
  await servers().getByText('Does not answer').waitFor()
  expect(await faultsInEveryView(page)).toEqual([])
  await button('Forget').click()
  await page.getByRole('alertdialog', { name: 'Forget Wrong one?' }).getByRole('button', { name: 'Forget' }).click()
  await page.getByRole('heading', { name: 'No MCP servers' }).waitFor()
})

test('a server is set up by keyboard alone, in a box; its tools wait until they are accepted', async () => {
  await button('Set one up').focus()
  await page.keyboard.press('Enter')
  await field('Name').waitFor()
  await field('Name').focus()
  await page.keyboard.type('Everything')
  for (const text of [null, 'node', npm.entries[0], npm.folder]) {
    await page.keyboard.press('Tab')
    if (text === null) continue // the choice between a program and an address
    await page.keyboard.press('Control+a')
    await page.keyboard.insertText(text ?? '')
  }
  await page.keyboard.press('Control+Enter')
  await page.getByText(/It offers \d+ tools\. Nothing of it is used before you accept them\./).waitFor(SLOW)
  await page.getByText('It has no network.').waitFor()
  await page.getByText(`It may read ${npm.folder}`).waitFor()
  await servers().getByText('Waits for you').waitFor()
  expect(await faultsInEveryView(page)).toEqual([])
  await button('Accept these tools').focus()
  await page.keyboard.press('Enter')
  await button('Accept these tools').waitFor({ state: 'detached' })
  await servers().getByText('Waits for you').waitFor({ state: 'detached' })
})

test('an accepted tool shows what it takes in, and is among the tools of Life-OS', async () => {
  await page.getByText('Echo Tool').click()
  await page.getByLabel('Input of Echo Tool').getByText('"message"').waitFor()
  expect(await faultsInEveryView(page)).toEqual([])
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Find anything' }).fill('mcp-everything.echo')
  await page.getByRole('option', { name: /Echo Tool/ }).waitFor()
  await page.keyboard.press('Escape')
})

test('what it asks in the middle of a call is a form in the inbox, and what is answered goes to it', SLOW, async () => {
  const tool = 'mcp-everything.trigger-elicitation-request'
  const plan = {
    id: 'ask',
    name: 'Ask',
    version: '1.0.0',
    steps: [{ id: 'ask', tool, input: {} }],
    outputs: { answer: '${{ steps.ask.text }}' },
  }
  interface Going {
    id: string
    state: string
    approval: string | null
  }
  const { id } = await desk.call<Going>('POST', '/runs', { plan, mode: 'autopilot' })
  const going = () => page.evaluate(async (run) => (await (await fetch(`/api/v1/runs/${run}`)).json()) as Going, id)
  await expect.poll(async () => (await going()).state, { timeout: 30_000 }).toBe('waiting')
  const first = await going()
  const detail = await page.evaluate(
    async (approval) => (await (await fetch(`/api/v1/approvals/${approval}`)).json()) as { kind: string; hash: string },
    first.approval,
  )
  if (detail.kind !== 'question')
    await desk.call('POST', `/approvals/${first.approval}/answer`, { answer: 'approve', hash: detail.hash, final: true })
  await expect.poll(async () => (await going()).approval !== first.approval || detail.kind === 'question', { timeout: 30_000 }).toBe(true)
  await expect.poll(async () => (await going()).state, { timeout: 30_000 }).toBe('waiting')
  await desk.open(`/inbox?approval=${(await going()).approval}`)
  const form = page.getByRole('form', { name: 'Question of a server' })
  await form.getByText('These are the server’s own words').waitFor(SLOW)
  expect(await faultsInEveryView(page)).toEqual([])
  await form.getByRole('button', { name: 'Answer' }).click()
  await page.getByRole('alert').filter({ hasText: 'Write something here.' }).waitFor()
  await form.getByLabel('String', { exact: true }).fill('Ada')
  await form.getByRole('button', { name: 'Answer' }).click()
  await expect.poll(async () => (await going()).state, { timeout: 30_000 }).toBe('done')
  const outputs = await page.evaluate(async (run) => (await fetch(`/api/v1/runs/${run}/outputs`)).text(), id)
  expect(outputs).toContain('- Name: Ada')
  await desk.open('/plugins')
  await page.getByRole('link', { name: 'MCP' }).click()
  await servers().getByText('Everything', { exact: true }).waitFor()
})

test('the page stands at its own address, and the address of the protocol is not a page', async () => {
  await page.reload()
  await settled(page)
  await servers().getByText('Everything', { exact: true }).waitFor()
  expect((await page.request.get(`${life.address}/mcp`)).headers()['content-type']).not.toContain('text/html')
})

test('it is switched off and on, connected anew and forgotten', async () => {
  await button('Switch off').click()
  await servers().getByText('Off').waitFor()
  expect(await faultsInEveryView(page)).toEqual([])
  await button('Switch on').click()
  await servers()
    .getByText('Off')
    .waitFor({ state: 'detached', ...SLOW })
  await button('Connect anew').click()
  await page.getByText('Everything answers.').waitFor(SLOW)
  await button('Forget').click()
  await page.getByRole('alertdialog', { name: 'Forget Everything?' }).getByRole('button', { name: 'Forget' }).click()
  await page.getByRole('heading', { name: 'No MCP servers' }).waitFor()
  expect(existsSync(npm.entries[0] ?? ''), 'its own files are left alone').toBe(true)
})

// A form of a real site: what a person sees before it is sent, and what the site gets.
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openDesk } from './desk.ts'
import type { Desk } from './desk.ts'
import type { LifeOs } from './server.ts'
import { faultsInEveryView } from './views.ts'

const CANARY = 'canary-of-a-member-number'
const FORM = `<!doctype html><title>Library</title><body style="font: 18px sans-serif; background: #fff"><h1>Renew a loan</h1>
<form action="/renew" method="post"><p><label>Your name <input name="who"></label><p><label>Member number <input name="member"></label>
<p><label>For <select name="weeks"><option value="2">Two weeks</option><option value="4">Four weeks</option></select></label>
<input type="hidden" name="token" value="t-77"><p><button>Renew</button></form>`

let site: Server
let origin = ''
const sent: string[] = []
let desk: Desk
let life: LifeOs
let page: Page

beforeAll(async () => {
  site = createServer((request, response) => {
    let body = ''
    request.on('data', (part: Buffer) => (body += part.toString()))
    request.on('end', () => {
      if (request.method === 'POST') sent.push(`${request.url} ${body}`)
      const answer = request.method === 'POST' ? '<!doctype html><title>Renewed</title><p>Until March' : FORM
      response.writeHead(request.url === '/robots.txt' ? 404 : 200, { 'content-type': 'text/html' }).end(answer)
    })
  })
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}` // it listens on TCP
  desk = await openDesk()
  ;({ life, page } = desk)
}, 120_000)

afterEach(() => expect(desk.faults).toEqual([]))

afterAll(async () => {
  await desk[Symbol.asyncDispose]()
  site.closeAllConnections()
  await new Promise((resolve) => site.close(resolve))
})

test('a form is shown filled in, with its picture, and approved the site gets exactly that', { timeout: 240_000 }, async () => {
  await desk.call('PUT', '/secrets/member-number', {
    name: 'member-number',
    kind: 'token',
    title: '',
    hosts: [new URL(origin).host],
    value: CANARY,
  })
  const fields = [
    { target: { label: 'Your name' }, value: 'Ada Lovelace' },
    { target: { label: 'Member number' }, secret: 'member-number' },
    { target: { label: 'For' }, option: 'Four weeks' },
  ]
  const run = await desk.call<{ id: string }>('POST', '/runs', {
    mode: 'draft',
    inputs: { url: `${origin}/loan` },
    plan: {
      id: 'renew',
      name: 'Renew a loan',
      inputs: { url: { type: 'text' } },
      steps: [
        { id: 'send', tool: 'browser.submit', input: { url: '${{ inputs.url }}', fields, button: { role: 'button', name: 'Renew' } } },
      ],
      outputs: { title: '${{ steps.send.title }}' },
    },
  })
  await page.goto(`${life.address}/runs/${run.id}`)
  const asks = page.getByRole('list', { name: 'What it asks for' })
  await asks.getByText(`browser:${origin}`).waitFor({ timeout: 60_000 })
  await asks.getByText('secret.use:member-number').waitFor()
  await page.getByRole('button', { name: /^Allow for this run/ }).click()
  const approve = page.getByRole('button', { name: /^Approve 1 change/ })
  await approve.waitFor({ timeout: 90_000 })
  const card = page.getByRole('region', { name: 'Action on a page' })
  await card.getByText(new URL(origin).host, { exact: true }).waitFor()
  const shown = card.getByRole('region', { name: 'Fields', exact: true }).getByRole('row')
  expect((await shown.allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim())).toEqual([
    'Field What is sent',
    'Your name Ada Lovelace',
    'Member number •••••• the secret member-number',
    'For 4',
  ])
  await card.getByText('One hidden field of the page').click()
  await card.getByText('t-77').waitFor()
  const picture = card.getByRole('img', { name: 'The page “Library” as it is before button “Renew” is pressed' })
  await picture.scrollIntoViewIfNeeded()
  await expect.poll(() => page.evaluate<number>(`document.querySelector('img[alt^="The page"]').naturalWidth`)).toBe(1280)
  expect(await faultsInEveryView(page)).toEqual([])
  expect(await page.content()).not.toContain(CANARY)
  expect(sent).toEqual([])

  await page.getByRole('checkbox', { name: /I understand/ }).click()
  await approve.click()
  await page.getByText(/^1 action on a page done in/).waitFor({ timeout: 90_000 })
  expect(sent).toEqual([`/renew who=Ada+Lovelace&member=${CANARY}&weeks=4&token=t-77`])
  expect(await faultsInEveryView(page)).toEqual([])
  expect(await page.content()).not.toContain(CANARY)
})

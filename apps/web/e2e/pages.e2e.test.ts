// Every page at both widths and in both themes: nothing that axe calls serious or critical, no scrolling sideways on a phone.
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fill } from '../../../tools/lab/folder.ts'
import { look, openBrowser, openWindow, PHONE, seriousFaults, settled, sideways, WIDE } from './browser.ts'
import type { Window } from './browser.ts'
import { createLifeOs } from './server.ts'
import type { LifeOs } from './server.ts'

const LONG = `${'The minutes of the meeting about the meetings of next year'.padEnd(76, 'x')}.txt`
const VIEWS = [WIDE, PHONE].flatMap((size) => (['light', 'dark'] as const).map((theme) => ({ size, theme })))

let life: LifeOs
let browser: Browser
let owner: Window
/** The address of a run that was done, and of one that waits. */
const runs = { done: '', waiting: '' }

beforeAll(async () => {
  life = await createLifeOs()
  browser = await openBrowser()
  await life.start()
  owner = await openWindow(browser)
}, 60_000)

afterAll(async () => {
  await browser.close()
  await life[Symbol.asyncDispose]()
})

/** Looks at what is open in all four views; one line for each fault. */
async function faultsOf(name: string): Promise<string[]> {
  const { page } = owner
  const found: string[] = []
  for (const { size, theme } of VIEWS) {
    await look(page, size, theme)
    const where = `${name} at ${size.width} px, ${theme}`
    found.push(...(await seriousFaults(page)).map((fault) => `${where}: ${fault}`))
    found.push(...(await sideways(page)).map((fault) => `${where}: scrolls sideways: ${fault}`))
    if (
      name !== 'sign in' &&
      !(await page
        .getByRole('button', { name: /^(Emergency stop|Stop everything now)$/ })
        .first()
        .isVisible())
    )
      found.push(`${where}: no emergency stop`)
  }
  await look(page, WIDE, 'light')
  return found
}

async function open(address: string): Promise<void> {
  await owner.page.goto(life.address + address)
  await settled(owner.page)
}

async function previewOf(folder: string): Promise<string> {
  const { page } = owner
  await open(`/workflows/tidy-folder?inputs=${encodeURIComponent(JSON.stringify({ folder }))}`)
  await page.getByRole('button', { name: /^Preview/ }).click()
  await page.getByRole('button', { name: /^Approve/ }).waitFor()
  return new URL(page.url()).pathname
}

test('the sign-in page', async () => {
  await owner.page.goto(life.address)
  await owner.page.getByRole('heading', { name: 'Sign in to Life-OS' }).waitFor()
  expect(await faultsOf('sign in')).toEqual([])
})

test('from the first day to a run that is done, and one that waits', async () => {
  const { page } = owner
  await page.goto(life.link())
  await page.getByRole('button', { name: /sample messy folder/ }).waitFor()
  const found = await faultsOf('first day')

  fill(path.join(life.home, 'Downloads'), {
    [LONG]: 'short',
    'song.mp3': 'ID3',
    'invoice.pdf': '%PDF-1.4\n',
    'notes.md': '# Notes\n',
    'Documents/invoice.pdf': 'another',
  })
  runs.done = await previewOf(path.join(life.home, 'Downloads'))
  found.push(...(await faultsOf('preview')))
  await page.getByRole('button', { name: /^Approve/ }).click()
  await page.getByText(/can be undone until/).waitFor()
  found.push(...(await faultsOf('done')))

  fill(path.join(life.home, 'Documents'), { 'a.mp3': 'ID3', 'b.txt': 'text' })
  runs.waiting = await previewOf(path.join(life.home, 'Documents'))
  expect(found).toEqual([])
})

const PAGES: Record<string, () => string> = {
  home: () => '/',
  inbox: () => '/inbox',
  runs: () => '/runs',
  trash: () => '/trash',
  timeline: () => `${runs.done}?tab=timeline`,
  graph: () => `${runs.done}?tab=graph`,
  journal: () => `${runs.done}?tab=journal`,
  outputs: () => `${runs.done}?tab=outputs`,
  workflows: () => '/workflows',
  'start form': () => '/workflows/tidy-folder',
  plan: () => '/workflows/tidy-folder?tab=plan',
  versions: () => '/workflows/tidy-folder?tab=versions',
  statistics: () => '/workflows/tidy-folder?tab=statistics',
  plugins: () => '/plugins',
  tool: () => '/plugins?plugin=files&tool=files.move',
  'log of a plugin': () => '/plugins?plugin=files&tab=log',
  settings: () => '/settings',
  permissions: () => '/permissions',
  'remembered decisions': () => '/permissions?tab=grants',
  audit: () => '/audit',
  secrets: () => '/settings?section=secrets',
  labels: () => '/settings?section=labels',
  people: () => '/settings?section=people',
  tokens: () => '/settings?section=tokens',
  appearance: () => '/settings?section=appearance',
  'where the data is': () => '/settings?section=data',
  'no such page': () => '/nowhere',
  'no such run': () => '/runs/018f0000-0000-7000-8000-000000000000',
}

test.each(Object.entries(PAGES))('the page %s', async (name, address) => {
  await open(address())
  expect(await faultsOf(name)).toEqual([])
})

test('the palette and the list of shortcuts', async () => {
  const { page } = owner
  await open('/')
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog', { name: 'Find anything' }).waitFor()
  const found: string[] = []
  for (const { size, theme } of VIEWS) {
    await look(page, size, theme)
    found.push(...(await seriousFaults(page)))
  }
  await look(page, WIDE, 'light')
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  found.push(...(await seriousFaults(page)))
  expect(found).toEqual([])
})

test('no script threw and the content policy refused nothing on all these pages', () => {
  expect(owner.faults).toEqual([])
})

// How the app is used: without a mouse, in two windows at once, with wrong input, and while the server is away.
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { fill, filesOf } from '../../../tools/lab/folder.ts'
import { settled } from './browser.ts'
import { openDesk } from './desk.ts'
import type { Desk } from './desk.ts'
import type { LifeOs } from './server.ts'

let desk: Desk
let life: LifeOs
let page: Page

beforeAll(async () => {
  desk = await openDesk()
  ;({ life, page } = desk)
}, 60_000)

afterEach(() => expect(desk.faults).toEqual([]))

afterAll(() => desk[Symbol.asyncDispose]())

const button = (name: RegExp, where: Page = page) => where.getByRole('button', { name })

/** A folder of text files below the person's home. */
function folderOf(name: string, files: readonly string[]): string {
  const folder = path.join(life.home, name)
  fill(folder, Object.fromEntries(files.map((file) => [file, `this is ${file}`])))
  return folder
}

async function previewOf(folder: string): Promise<void> {
  await page.goto(`${life.address}/workflows/tidy-folder?inputs=${encodeURIComponent(JSON.stringify({ folder }))}`)
  await button(/^Preview/).click()
  await button(/^Approve/).waitFor()
}

const focused = (): Promise<string> =>
  page.evaluate<string>(
    '`${document.activeElement.getAttribute("role") ?? document.activeElement.tagName.toLowerCase()} ${document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent}`',
  )

/** Presses Tab until the wanted thing has the focus, as a person would who cannot use a mouse. */
async function tabTo(wanted: RegExp): Promise<void> {
  const passed: string[] = []
  for (let presses = 0; presses < 60; presses += 1) {
    const now = await focused()
    if (wanted.test(now)) return
    passed.push(now.slice(0, 40))
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab never reached ${wanted}; it passed ${passed.join(' · ')}`)
}

test('from the palette over the preview to the approval without a mouse', async () => {
  const folder = folderOf('Keys', ['a.txt', 'b.txt', 'c.txt'])
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog', { name: 'Find anything' }).waitFor()
  await page.keyboard.type('tidy')
  await page.keyboard.press('Enter')
  await page.getByRole('textbox', { name: 'Folder' }).waitFor()
  await tabTo(/^input/)
  await page.keyboard.type(folder)
  await page.keyboard.press('Enter')
  await button(/^Approve/).waitFor()
  const offered = await page.getByRole('checkbox', { name: /^Leave out .*\.txt$/ }).count()
  expect(offered).toBe(3)

  await tabTo(/^treegrid Changes/)
  const row = page.locator('[role=treegrid] [role=row]', { hasText: 'b.txt' })
  for (let presses = 0; presses < 12; presses += 1) {
    const active = await page.getByRole('treegrid', { name: 'Changes' }).getAttribute('aria-activedescendant')
    if (active !== null && active === (await row.getAttribute('id'))) break
    await page.keyboard.press('ArrowDown')
  }
  await page.keyboard.press('Space')
  await page.getByRole('checkbox', { name: 'Include b.txt' }).waitFor()
  await tabTo(/^button Approve/)
  await page.keyboard.press('Enter')
  await page.getByText(/can be undone until/).waitFor()
  expect(
    filesOf(folder)
      .map((file) => path.basename(file))
      .toSorted(),
  ).toEqual(['a.txt', 'b.txt', 'c.txt'])
  expect(existsSync(path.join(folder, 'b.txt')), 'the unticked one stays').toBe(true)
  expect(existsSync(path.join(folder, 'a.txt'))).toBe(false)
})

test('the inbox by j, k, a and r', async () => {
  const first = folderOf('First', ['a.txt'])
  const second = folderOf('Second', ['b.txt'])
  await previewOf(first)
  await previewOf(second)
  await page.goto(`${life.address}/inbox`)
  const questions = page.getByRole('navigation', { name: 'Questions' }).getByRole('button')
  await expect.poll(() => questions.count()).toBe(2)
  const current = async (): Promise<number> =>
    (await questions.all()).reduce<Promise<number>>(
      async (found, each, index) => ((await each.getAttribute('aria-current')) === 'true' ? index : found),
      Promise.resolve(-1),
    )
  await button(/^Approve/).waitFor()
  await page.keyboard.press('j')
  await expect.poll(current).toBe(1)
  await page.keyboard.press('k')
  await expect.poll(current).toBe(0)

  await page.keyboard.press('r')
  await page.getByRole('dialog', { name: 'Refuse this?' }).waitFor()
  await page.keyboard.type('not today')
  await page.keyboard.press('Enter')
  await expect.poll(() => questions.count()).toBe(1)
  await button(/^Approve/).waitFor()
  await page.keyboard.press('a')
  await page.getByText('Nothing waits for you').waitFor()
  await expect
    .poll(() => [first, second].filter((folder) => readdirSync(folder).some((name) => name.endsWith('.txt'))).length, {
      message: 'one was done, one was refused',
    })
    .toBe(1)
})

test('a second window sees the run as it goes, and its emergency stop holds the first one', { timeout: 90_000 }, async () => {
  const names = Array.from({ length: 600 }, (_, index) => `note ${index}.txt`)
  const folder = folderOf('Many', names)
  const loose = (): number => readdirSync(folder).length
  await previewOf(folder)
  const other = await page.context().newPage()
  await other.goto(page.url())
  await button(/^Approve 60\d changes/, other).waitFor()

  await button(/^Approve 60\d changes/).click()
  await other.getByRole('progressbar', { name: 'Progress of the run' }).waitFor()
  await expect
    .poll(
      async () =>
        Number(
          /^(\d+) of/.exec(
            (await other
              .getByText(/^\d+ of \d+$/)
              .first()
              .textContent()) ?? '',
          )?.[1] ?? 0,
        ),
      { interval: 5 },
    )
    .toBeGreaterThan(0)
  await button(/^(Emergency stop|Stop everything now)$/, other).click()
  for (const each of [page, other]) await each.getByText('No new effect happens until you lift it.').waitFor()
  const left = loose()
  expect(left, 'stopped in the middle').toBeGreaterThan(1)

  await page.getByRole('button', { name: 'Lift the stop' }).click()
  await other.getByText('No new effect happens until you lift it.').waitFor({ state: 'detached' })
  expect(loose(), 'lifting it starts nothing by itself').toBe(left)
  await other.getByRole('button', { name: /^Resume/ }).click()
  for (const each of [page, other]) await each.getByText(/can be undone until/).waitFor({ timeout: 60_000 })
  expect(filesOf(folder)).toHaveLength(names.length)
  await other.close()
})

test('a folder that is written wrongly or is not there is told at the field, and no run is started', async () => {
  await page.goto(`${life.address}/workflows/tidy-folder`)
  const field = page.getByRole('textbox', { name: 'Folder' })
  const said = async (): Promise<string> =>
    (await page.locator(`[id="${await field.getAttribute('aria-describedby')}"]`).textContent()) ?? ''
  await button(/^Preview/).click()
  await expect.poll(said).toContain('Choose a folder.')
  await field.fill('Downloads')
  await button(/^Preview/).click()
  await expect.poll(said).toContain('Write the whole path, beginning with / or ~.')
  expect(await field.getAttribute('aria-invalid')).toBe('true')
  await field.fill(path.join(life.home, 'Nowhere'))
  await button(/^Preview/).click()
  await expect.poll(said).toContain(`There is no folder ${life.home}/Nowhere.`)
  expect(new URL(page.url()).pathname).toBe('/workflows/tidy-folder')

  await button(/^Preview/).click() // a plan may be meant to make it; this one is not
  await page
    .getByRole('alert')
    .filter({ hasText: /Nowhere.* is not there/ })
    .waitFor()
})

test('while the server is away the page says so, and it is back by itself', async () => {
  const fetched = page.waitForResponse(/\/trash-page-/) // the code of the other pages is fetched when idle
  await page.goto(`${life.address}/runs`)
  await settled(page)
  await fetched
  await life.kill()
  await page.getByText('Life-OS does not answer.').waitFor()
  expect(await page.getByText('Tidy a folder').count(), 'what it said last is still there').toBeGreaterThan(0)
  await page.getByRole('link', { name: 'Trash' }).click()
  await page.getByRole('alert').filter({ hasText: 'Start Life-OS with `npm start`' }).waitFor()
  await life.start()
  await page.getByText('Life-OS does not answer').first().waitFor({ state: 'detached' })
  await page.getByRole('heading', { name: 'Trash' }).waitFor()
  expect(await page.getByRole('alert').count()).toBe(0)
})

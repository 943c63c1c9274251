// The whole story, as a person lives it on the first day, with the power cut in the middle.
import { readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { manifestOf } from '../../../tools/lab/folder.ts'
import { makeSampleFolder } from '../../../tools/lab/index.ts'
import { openBrowser, openWindow } from './browser.ts'
import { createLifeOs } from './server.ts'

const FILES = 500
const KEPT = ['invoice-2024-029.pdf', 'song.mp3']

/** Makes the sample that the page made as large as a real download folder. */
async function growTo(files: number, folder: string): Promise<void> {
  rmSync(folder, { recursive: true })
  await makeSampleFolder(folder, { files })
}

/** The contents of all files, whatever they are called: what must be neither lost nor doubled. */
const contentsOf = (folder: string): string[] =>
  Object.values(manifestOf(folder))
    .flatMap((line) => /^file [1-9]\d* \d+ ([0-9a-f]{64})/.exec(line)?.[1] ?? [])
    .toSorted()

test('sample, preview, untick, approve, kill -9 in the middle, start again, undo: the folder is as before', async () => {
  await using life = await createLifeOs()
  await using browser = await openBrowser()
  await life.start()
  const { page, faults } = await openWindow(browser)
  const button = (name: RegExp) => page.getByRole('button', { name })

  await page.goto(life.link())
  await page.getByRole('heading', { name: /You see it before it happens/ }).waitFor()
  await button(/Make a sample messy folder/).click()
  const field = page.getByRole('textbox', { name: 'Folder' })
  await field.waitFor()
  const folder = await field.inputValue()
  expect(folder).toBe(path.join(life.home, 'Life-OS samples', 'Messy folder'))
  await growTo(FILES, folder)
  const before = manifestOf(folder)
  const contents = contentsOf(folder)
  const loose = (): number => readdirSync(folder).length

  await button(/^Preview/).click()
  const approve = button(/^Approve \d+ changes/)
  await approve.waitFor({ timeout: 60_000 })
  expect(manifestOf(folder), 'a preview changes nothing').toEqual(before)

  const offered = Number(/\d+/.exec((await approve.textContent()) ?? '')?.[0])
  for (const name of KEPT) {
    await page.getByRole('searchbox', { name: 'Search changes' }).fill(name)
    await page.getByRole('checkbox', { name: `Leave out ${name}`, exact: true }).click()
  }
  await page.getByRole('searchbox', { name: 'Search changes' }).fill('')
  await button(new RegExp(`^Approve ${offered - KEPT.length} changes`)).click()

  const start = loose()
  await expect.poll(() => start - loose(), { interval: 2, timeout: 30_000 }).toBeGreaterThan(40)
  await life.kill()
  const atKill = loose()
  expect(atKill, 'killed in the middle').toBeGreaterThan(100)
  expect(contentsOf(folder), 'nothing lost, nothing doubled').toEqual(contents)
  await page.getByText('Life-OS does not answer.').waitFor()

  const said = await life.start()
  expect(said).toContainEqual('Going on with 1 interrupted run.')
  await page.getByText(/can be undone until/).waitFor({ timeout: 60_000 })
  expect(await page.getByText('Life-OS does not answer.').count(), 'the page is back by itself').toBe(0)
  const sorted = manifestOf(folder)
  for (const name of KEPT) expect(sorted[name], `${name} was unticked`).toBe(before[name])
  expect(loose()).toBeLessThan(atKill)
  expect(contentsOf(folder), 'nothing lost, nothing doubled').toEqual(contents)

  await button(/^Undo/).click()
  await page.getByRole('button', { name: /^Undo \d+ changes/ }).click()
  await page.getByText(/can be redone until/).waitFor({ timeout: 60_000 })
  expect(manifestOf(folder), 'undo restores the folder').toEqual(before)
  expect(faults).toEqual([])
})

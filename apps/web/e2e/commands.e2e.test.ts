// A command before it runs, while it runs, and what a run gives back.
import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openDesk } from './desk.ts'
import type { Desk } from './desk.ts'
import type { LifeOs } from './server.ts'
import { faultsInEveryView } from './views.ts'

const PYTHON = `
import csv
with open('rain.csv', 'w') as file:
    writer = csv.writer(file)
    writer.writerow(['city', 'mm'])
    for number in range(400):
        writer.writerow(['City %d, north' % number, round(number * 1.7, 1)])
open('plot.svg', 'w').write('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><script>document.title="hacked"</script><rect width="40" height="20" fill="#4f46e5"/></svg>')
open('notes.html', 'w').write('<b>only text</b>')
`

let desk: Desk
let life: LifeOs
let page: Page

beforeAll(async () => {
  desk = await openDesk()
  ;({ life, page } = desk)
}, 60_000)

afterEach(() => expect(desk.faults).toEqual([]))

afterAll(() => desk[Symbol.asyncDispose]())

const button = (name: RegExp | string) => page.getByRole('button', { name })

/** Starts a plan of one step as the page would, and opens its run. */
async function start(tool: string, input: Record<string, unknown>, outputs: Record<string, string>, folder?: string): Promise<void> {
  const plan = {
    id: 'trial',
    name: 'A trial',
    inputs: folder === undefined ? {} : { folder: { type: 'path' } },
    steps: [{ id: 'call', tool, input }],
    outputs,
  }
  const body = JSON.stringify({ mode: 'draft', plan, inputs: folder === undefined ? {} : { folder } })
  const run = await page.evaluate(async (json) => {
    const { csrf } = (await (await fetch('/api/v1/me')).json()) as { csrf: string }
    const answer = await fetch('/api/v1/runs', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-csrf-token': csrf },
      body: json,
    })
    if (!answer.ok) throw new Error(await answer.text())
    return (await answer.json()) as { id: string }
  }, body)
  await page.goto(`${life.address}/runs/${run.id}`)
}

/** Previews a script that may change a folder, up to where it can be approved. */
async function previewScript(script: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  await start('shell.run', { script, write: ['${{ inputs.folder }}'] }, { result: '${{ steps.call }}' }, folder)
  await button(/^Approve 1 change/).waitFor({ timeout: 60_000 })
}
async function approveFinal(): Promise<void> {
  await page.getByRole('checkbox', { name: /I understand/ }).click()
  await button(/^Approve 1 change/).click()
}

test('a command shows its script and all that it may touch, and is done when it is approved', async () => {
  const folder = path.join(life.home, 'Projects', 'site')
  await previewScript('# the page\nfor word in last words; do\n  echo "$word" >> out.txt\ndone', folder)
  const card = page.getByRole('region', { name: 'Command' })
  await card.getByText('# the page').waitFor()
  await card.getByText('shut in a box of its own').waitFor()
  await card.getByText('may change').waitFor()
  await card.getByText('~/Projects/site').first().waitFor()
  await card.getByText('none', { exact: true }).waitFor() // the network
  expect(await button(/^Approve 1 change/).isDisabled(), 'a final effect needs its own tick').toBe(true)
  expect(await faultsInEveryView(page)).toEqual([])
  await approveFinal()
  await page.getByText(/^1 command run in/).waitFor()
  expect(readFileSync(path.join(folder, 'out.txt'), 'utf8')).toBe('last\nwords\n')
})

test('what a command writes is seen while it runs, and it can be cancelled', async () => {
  await previewScript('echo "first words"; sleep 600; echo never', path.join(life.home, 'Projects', 'endless'))
  await approveFinal()
  await page.getByRole('log', { name: 'Output' }).getByText('first words').waitFor()
  expect(await faultsInEveryView(page)).toEqual([])
  await button('Cancel').click()
  await page.getByText('You cancelled this run').waitFor()
})

test('what a run gives back is shown as what it is, and nothing in it runs', async () => {
  await start('code.python', { code: PYTHON }, { files: '${{ steps.call.files }}' })
  const table = page.getByRole('table', { name: 'rain.csv' })
  await table.waitFor()
  await table.getByText('City 3, north').waitFor()
  expect(await table.getByRole('row').count(), 'only rows in sight are drawn').toBeLessThan(60)
  await page.getByText('400 rows, 2 columns').waitFor()
  const picture = page.getByRole('img', { name: 'plot.svg' })
  await picture.waitFor()
  await expect.poll(() => page.evaluate<number>(`document.querySelector('img[alt="plot.svg"]').naturalWidth`)).toBeGreaterThan(0)
  await page.getByText('<b>only text</b>').waitFor()
  expect(await page.title()).not.toContain('hacked')
  expect(await faultsInEveryView(page)).toEqual([])
})

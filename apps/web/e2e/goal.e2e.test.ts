// From a goal to a plan that is looked at, previewed, approved, done and kept; and another way after a failure.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Scripted } from '../../../packages/kernel/src/models/testing/index.ts'
import { openChat } from './chat.ts'
import type { Chat } from './chat.ts'
import { faultsInEveryView } from './views.ts'

let chat: Chat
let page: Page

beforeAll(async () => {
  chat = await openChat()
  page = chat.page
}, 60_000)
afterEach(() => expect(chat.faults).toEqual([]))
afterAll(() => chat[Symbol.asyncDispose]())

const button = (name: RegExp | string) => page.getByRole('button', { name })
const goalBox = () => page.getByRole('textbox', { name: 'Your goal' })
const nodes = () => page.locator('.react-flow__node')
const answer = (plan: string, more: object = {}): Scripted => ({
  object: { plan, inputs: [], words: [], missing: [], summary: '', alternative: '', ...more },
})

async function say(goal: string): Promise<void> {
  await page.goto(`${chat.life.address}/goal`)
  await goalBox().fill(goal)
  await goalBox().press('Enter')
}
async function approve(): Promise<void> {
  await button(/^Approve/).click()
  await page.getByText(/can be undone until/).waitFor()
}

test('by rule: a folder written wrongly is asked about, then shown, previewed, approved and done', async () => {
  const note = chat.file('Downloads/note.txt', 'hello')
  const before = chat.ollama.asked.length
  await say('tidy ~/Downlods')
  const question = page.getByRole('textbox', { name: 'There is no folder ~/Downlods. Did you mean ~/Downloads?' })
  await question.waitFor()
  await page.getByText('understood by rule').waitFor()
  await page.getByText(/It has not run before/).waitFor()
  await nodes().first().waitFor()
  expect(await nodes().count()).toBeGreaterThanOrEqual(4)
  for (const words of ['Look at the folder.', 'Recognise each file.', 'Move the files.'])
    await page.getByRole('listitem').getByText(words, { exact: true }).waitFor()
  await button('Preview').click()
  await page.getByText('This is needed.').waitFor()
  expect(await faultsInEveryView(page)).toEqual([])

  await button('Use ~/Downloads').click()
  expect(await question.inputValue()).toBe(path.dirname(note))
  await button('Preview').click()
  await page.waitForURL(/\/runs\//)
  await button(/^Approve/).waitFor()
  expect(existsSync(note), 'nothing happens before it is approved').toBe(true)
  await approve()
  expect(existsSync(path.join(path.dirname(note), 'Documents/note.txt'))).toBe(true)
  expect(chat.ollama.asked.length, 'no model was asked').toBe(before)

  await say('tidy ~/Downloads')
  await page.getByText(/about .*One earlier run\./).waitFor()
})

const INVENTORY = `
id: inventory
name: Inventory of a folder
inputs:
  folder: { type: path, title: Folder }
  name: { type: text, title: Name of the list }
steps:
  - { id: scan, tool: files.list, input: { path: "\${{ inputs.folder }}" } }
  - id: write
    tool: files.write
    input: { path: "\${{ inputs.folder }}/\${{ inputs.name }}.txt", content: "\${{ json(steps.scan.files.map(f, f.name)) }}", replace: true }
outputs: { file: "\${{ steps.write.path }}" }
`

test('by a model: mended, explained, asked about, with another way; its diff approved, and kept as a workflow', async () => {
  const folder = path.dirname(chat.file('Documents/letter.txt', 'Dear Ada'))
  const list = chat.file('Documents/inventory.txt', 'the list of last year')
  const attempts = [
    answer(INVENTORY.replace('files.list,', 'files.listing,')),
    answer(INVENTORY, {
      inputs: [{ name: 'folder', value: folder }],
      words: [
        { path: 'scan', words: 'Looks at what is in your documents' },
        { path: 'write', words: 'Writes their names into one file' },
      ],
      missing: [{ name: 'name', question: 'What shall the list be called?' }],
      summary: 'Lists your documents in one text file.',
      alternative: 'show the names without writing a file',
    }),
  ]
  chat.answers(() => attempts.shift() ?? { status: 500, message: 'the script is over' })
  await say('make an inventory of what lies in ~/Documents')
  await page.getByText('Lists your documents in one text file.').waitFor()
  await page.getByText('It mended its own plan once.').waitFor()
  await page.getByText('Writes their names into one file.').waitFor()
  await page.getByText('show the names without writing a file').waitFor()
  await expect.poll(() => nodes().count()).toBe(2)
  expect(await faultsInEveryView(page)).toEqual([])

  await button('Save as workflow').click()
  await button('Saved').waitFor()
  await page.getByRole('textbox', { name: 'What shall the list be called?' }).fill('inventory')
  await button('Preview').click()
  await page.waitForURL(/\/runs\//)
  await button(/^Approve/).waitFor()
  await page.getByText('inventory.txt').first().click()
  await page.getByText('the list of last year').first().waitFor()
  await page.getByText('letter.txt').first().waitFor()
  expect(readFileSync(list, 'utf8'), 'nothing happens before it is approved').toBe('the list of last year')
  await approve()
  expect(readFileSync(list, 'utf8')).toContain('letter.txt')
  await page.goto(`${chat.life.address}/workflows`)
  await page.getByText('Inventory of a folder').first().waitFor()
})

const TWO = `
id: two-notes
name: Two notes
inputs: { folder: { type: path, title: Folder } }
steps:
  - { id: one, title: Write one, tool: files.write, input: { path: "\${{ inputs.folder }}/one.txt", content: "1" } }
  - { id: two, title: Copy the other, after: [one], tool: files.copy, input: { from: "\${{ inputs.folder }}/other.txt", to: "\${{ inputs.folder }}/two.txt" } }
outputs: { one: "\${{ steps.one.path }}" }
`

test('another way after a failure: what is done is not done again, and the difference is approved', async () => {
  const other = chat.file('Notes/other.txt', 'there at first')
  const folder = path.dirname(other)
  chat.answers(() => answer(TWO, { inputs: [{ name: 'folder', value: folder }], summary: 'Writes two notes.' }))
  await say('copy what the other note says into two notes of ~/Notes')
  await page.getByText('Writes two notes.').waitFor()
  await button('Preview').click()
  await page.waitForURL(/\/runs\//)
  await button(/^Approve/).waitFor()
  rmSync(other)
  await button(/^Approve/).click()
  await button('Another way').waitFor()
  expect([existsSync(path.join(folder, 'one.txt')), existsSync(path.join(folder, 'two.txt'))]).toEqual([true, false])

  writeFileSync(other, 'there again')
  writeFileSync(path.join(folder, 'one.txt'), 'changed by hand since')
  chat.answers({ status: 500, message: 'not today' })
  await button('Another way').click()
  await page.getByText('One step is done and is not done again.').waitFor()
  await page.getByText(/ended at two/).waitFor()
  await button('Preview').click()
  await page.waitForURL(/\/runs\//)
  await button(/^Approve 1 change/).waitFor()
  await approve()
  expect(readFileSync(path.join(folder, 'two.txt'), 'utf8')).toBe('there again')
  expect(readFileSync(path.join(folder, 'one.txt'), 'utf8'), 'not written again').toBe('changed by hand since')
})

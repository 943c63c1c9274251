// A conversation, from the question to files that moved and back; while it streams, over a restart, and along its branches.
import { copyFileSync, existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { WireRequest } from '../../../packages/kernel/src/models/testing/index.ts'
import { calledSince, gate, messageBox, offered, openChat } from './chat.ts'
import type { Chat } from './chat.ts'

let chat: Chat

beforeAll(async () => {
  chat = await openChat()
}, 60_000)

afterEach(() => {
  expect(chat.faults).toEqual([])
  chat.faults.length = 0
})
afterAll(() => chat[Symbol.asyncDispose]())

const button = (name: RegExp | string, where = chat.page) => where.getByRole('button', { name })
const FILES = [
  { name: 'kettle.pdf', year: '2025' },
  { name: 'rent.docx', year: '2026' },
  { name: 'lamp.csv', year: '2026' },
] as const
const READ = path.join(import.meta.dirname, '../../../plugins/documents/fixtures/read')

/** A real PDF, a real Word document and a table. */
function putInvoices(folder: string): void {
  copyFileSync(path.join(READ, 'two-invoices.pdf'), path.join(folder, 'kettle.pdf'))
  copyFileSync(path.join(READ, 'lease.docx'), path.join(folder, 'rent.docx'))
  writeFileSync(path.join(folder, 'lamp.csv'), 'what,amount\nBlue lamp,120.00 EUR\n')
}

/** The number that the passage with these words was told to the model under. */
function numberOf({ messages }: WireRequest, words: string): string {
  const told = messages.flatMap(({ text, results }) => [text, ...results.map((result) => result.text)]).join('\n')
  return new RegExp(`"cite":\\s*(\\d+)[^}]*${words}`).exec(told)?.[1] ?? 'none'
}

/** Lists, reads all, moves them by a plan, and says what they come to. */
function clerk(folder: string) {
  const plan = {
    id: 'invoices-by-year',
    name: 'Invoices by year',
    inputs: {},
    outputs: {},
    steps: FILES.map(({ name, year }) => ({
      id: path.parse(name).name,
      title: `Move ${name}`,
      tool: 'files.move',
      input: { from: path.join(folder, name), to: path.join(folder, `Invoices/${year}/${name}`) },
    })),
  }
  return (request: WireRequest) => {
    const called = calledSince(request)
    if (called.length === 0) return { text: 'I look first.', calls: [{ tool: 'files.list', input: { path: folder } }] }
    const documents = FILES.map(({ name }) => ({ tool: 'documents.read', input: { path: path.join(folder, name) } }))
    if (!called.includes('documents.read')) return { calls: documents }
    const start = offered(request, 'start-plan')
    if (!called.includes(start)) return { text: 'Here is a plan.', calls: [{ tool: start, input: { plan, inputs: {} } }] }
    const [kettle, rent, lamp] = ['49.90', '640 EUR', 'Blue lamp'].map((words) => numberOf(request, words))
    return `Together **809.90 EUR**: 49.90 EUR [${kettle}], 640 EUR [${rent}] and 120.00 EUR [${lamp}].`
  }
}

test('invoices into a folder by year and their total: plan, approval, sources, undo', async () => {
  const { page, life, answers, answer, begin, say } = chat
  const folder = path.join(life.home, 'Downloads')
  putInvoices(folder)
  answers(clerk(folder))
  await begin()
  await say('put the invoices from my downloads into a folder by year and tell me the total')

  const card = page.getByRole('region', { name: 'Plan: Invoices by year' })
  await card.getByText('Move kettle.pdf').first().waitFor()
  const changes = card.getByRole('list', { name: 'Changes' })
  await changes.getByText('Invoices/2025/').waitFor()
  expect(existsSync(path.join(folder, 'kettle.pdf')), 'nothing happens before it is approved').toBe(true)
  expect(await card.getByRole('searchbox').count(), 'a few changes need no search').toBe(0)
  await button(/^Approve 6 changes/).click()

  await answer().getByText('809.90 EUR').waitFor()
  expect(existsSync(path.join(folder, 'Invoices/2025/kettle.pdf'))).toBe(true)
  expect(existsSync(path.join(folder, 'rent.docx'))).toBe(false)
  const source = page.getByRole('dialog')
  const places = [
    ['kettle.pdf', 'page 1', 'total 49.90 EUR'],
    ['rent.docx', 'Lease › Rent', 'The rent is 640 EUR'],
    ['lamp.csv', 'Row 2', 'amount: 120.00 EUR'],
  ] as const
  for (const [name, place, words] of places) {
    await answer()
      .getByRole('button', { name: new RegExp(`^Source .*${name}`) })
      .first()
      .click()
    for (const each of [place, words]) await source.getByText(each).first().waitFor()
    await source.getByText(/^characters [\d,]+ to [\d,]+ of its text/).waitFor()
    await page.keyboard.press('Escape')
  }
  expect(await answer().getByRole('list', { name: 'Sources' }).getByRole('listitem').count()).toBe(3)
  await answer()
    .getByText(/^qwen3:8b · 4 tool calls · [\d,]+ tokens/)
    .waitFor()

  await card.getByText(/can be undone until/).waitFor()
  await card.getByRole('button', { name: 'Undo' }).click()
  await button(/^Undo \d+ changes/).click()
  await page.getByText(/can be redone until/).waitFor()
  expect(existsSync(path.join(folder, 'kettle.pdf'))).toBe(true)
  expect(existsSync(path.join(folder, 'Invoices'))).toBe(false)
  await page.goBack()
  await card.getByRole('link', { name: 'Open what undid it' }).waitFor()
})

test('what is being said survives a reload and is the same in a second window', async () => {
  const { page, answers, answer, begin, say } = chat
  const [second, rest] = [gate(), gate()]
  answers({
    pieces: ['First words, ', 'second words, ', 'last words.'],
    pace: (piece) => (piece === 1 ? second.passed : piece === 2 ? rest.passed : undefined),
  })
  await begin()
  await say('Tell me slowly.')
  await answer().getByText('First words,').waitFor()
  await page.reload()
  await answer().getByText('First words,').waitFor()
  const other = await page.context().newPage()
  await other.goto(page.url())
  await answer(other).getByText('First words,').waitFor()
  expect(await answer(other).getByText('second words').count()).toBe(0)
  second.open()
  for (const each of [page, other]) await answer(each).getByText('First words, second words,').waitFor()
  rest.open()
  for (const each of [page, other]) {
    await answer(each).getByText('First words, second words, last words.').waitFor()
    await button('Answer again', each).waitFor()
  }
  expect(await page.getByRole('article', { name: 'Answer' }).count()).toBe(1)
  await other.close()
})

test('killed in the middle of an answer: what is finished is kept, the call in flight is made once more and said so', async () => {
  const { life, ollama, answers, answer, begin, say, file } = chat
  const letter = file('Documents/letter.txt', 'The meeting is on Monday.')
  let asked = 0
  answers((request) => {
    if (calledSince(request).length === 0) return { text: 'I read it.', calls: [{ tool: 'files.read', input: { path: letter } }] }
    asked += 1
    const cut = asked === 1
    return { pieces: ['It is on ', 'Monday.'], pace: (piece) => (cut && piece === 1 ? gate().passed : undefined) }
  })
  await begin()
  const before = ollama.asked.length
  await say(`When is the meeting? It is in ${letter}.`)
  await answer().getByText('It is on').waitFor()
  await life.kill()
  await chat.page.getByText('Life-OS does not answer.').waitFor()
  await life.start()
  await answer().getByText('It is on Monday.').waitFor({ timeout: 60_000 })
  await answer()
    .getByText(/paid twice|twice/)
    .first()
    .waitFor()
  expect(ollama.asked.length - before, 'the finished call is not paid again').toBe(3)
  expect(await answer().getByText('I read it.').count()).toBe(1)
})

test('stop, go on, answer again, and once more with another model', async () => {
  const { page, ollama, answers, answer, begin, say } = chat
  answers({ pieces: ['Beginning ', 'end.'], pace: (piece) => (piece === 1 ? gate().passed : undefined) })
  await begin()
  await say('Write something long.')
  await answer().getByText('Beginning').waitFor()
  await messageBox(page).press('Escape')
  await button('Go on').waitFor()
  await answer().getByText('Beginning').waitFor() // what was said is not lost
  answers('And the end.')
  await button('Go on').click()
  await answer().getByText('And the end.').waitFor()

  answers('Another end.')
  await answer().getByRole('button', { name: 'Answer again' }).click()
  await answer().getByText('Another end.').waitFor()
  await answer().getByText('2/2').waitFor()
  answers(({ model }) => `Said by ${model}.`)
  await answer().getByRole('button', { name: 'More about this answer' }).click()
  await page.getByRole('menuitem', { name: 'Answer again with another model…' }).click()
  await page.getByRole('dialog', { name: 'Answer again with' }).getByRole('combobox', { name: 'Find a model' }).fill('gemma')
  await page.keyboard.press('Enter')
  await answer().getByText('Said by gemma3:4b.').waitFor()
  expect(ollama.asked.at(-1)?.model).toBe('gemma3:4b')
  await answer().getByText('3/3').waitFor()
})

test('an edited message begins a branch, and both can be gone back to', async () => {
  const { page, answers, answer, begin, say } = chat
  answers(({ last }) => `You said ${last}`)
  await begin()
  await say('apples')
  await answer().getByText('You said apples').waitFor()
  await say('and more')
  await answer().getByText('You said and more').waitFor()

  const mine = page.getByRole('article', { name: 'You' }).first()
  await mine.hover()
  await mine.getByRole('button', { name: 'Edit and send again' }).click()
  await mine.getByRole('textbox').fill('pears')
  await mine.getByRole('button', { name: /^Send/ }).click()
  await answer().getByText('You said pears').waitFor()
  expect(await page.getByRole('article').count(), 'what followed the old words is on the other branch').toBe(2)

  await mine.getByRole('button', { name: 'The version before' }).click()
  await answer().getByText('You said and more').waitFor()
  await mine.getByText('apples').waitFor()
  await page.reload()
  await answer().getByText('You said and more').waitFor() // the choice is kept
  await mine.getByRole('button', { name: 'The version after' }).click()
  await answer().getByText('You said pears').waitFor()
  expect(await page.getByRole('article').count()).toBe(2)
})

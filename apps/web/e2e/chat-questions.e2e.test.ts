// What a conversation asks a person in the middle of an answer, and what it says where something cannot be.
import { existsSync, readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { WireRequest } from '../../../packages/kernel/src/models/testing/index.ts'
import { calledSince, offered, openChat } from './chat.ts'
import type { Chat } from './chat.ts'

let chat: Chat

beforeAll(async () => {
  chat = await openChat()
}, 60_000)

afterEach(() => expect(chat.faults).toEqual([]))
afterAll(() => chat[Symbol.asyncDispose]())

const button = (name: RegExp | string) => chat.page.getByRole('button', { name })
/** Calls a tool once, then says what it was told. */
const once = (tool: string, input: unknown) => (request: WireRequest) =>
  calledSince(request).length === 0
    ? { calls: [{ tool: tool.includes('.') ? tool : offered(request, tool), input }] }
    : `I was told: ${
        request.messages
          .at(-1)
          ?.results.map(({ text }) => text)
          .join(' ') || request.messages.at(-1)?.text
      }`

/** Saves the assistant anew, with its calls reviewed or not. */
async function review(on: boolean): Promise<void> {
  await chat.page.evaluate(async (wanted) => {
    const { csrf } = (await (await fetch('/api/v1/me')).json()) as { csrf: string }
    const { agent } = (await (await fetch('/api/v1/agents/assistant')).json()) as { agent: { version: string } }
    const parts = agent.version.split('.').map(Number)
    const body = JSON.stringify({ agent: { ...agent, review: wanted, version: `${parts[0]}.${parts[1]}.${Number(parts[2]) + 1}` } })
    const headers = { 'content-type': 'application/json', 'x-csrf-token': csrf }
    const saved = await fetch('/api/v1/agents/assistant', { method: 'PUT', headers, body })
    if (!saved.ok) throw new Error(await saved.text())
  }, on)
}

test('in review each call is let through, given another input, or refused with a reason', async () => {
  const { page, answers, answer, begin, say, file } = chat
  const one = file('Documents/one.txt', 'the first text')
  const two = file('Documents/two.txt', 'the second text')
  await review(true)
  try {
    const read = once('files.read', { path: one })
    answers(read)
    await begin()
    await say(`Read ${one} and ${two}.`)
    await page.getByText('wants to call files.read').waitFor()
    await page.getByLabel('Input', { exact: true }).getByText('one.txt').waitFor()
    await button(/^Let it call/).click()
    await answer()
      .getByText(/I was told:.*the first text/)
      .waitFor()

    await say(`Read ${one} and ${two}.`)
    await page.getByRole('button', { name: 'Edit', exact: true }).click()
    await page.getByRole('group', { name: 'Tool call' }).getByRole('textbox').first().fill(two)
    await button('Call with this').click()
    await answer()
      .getByText(/I was told:.*the second text/)
      .waitFor()

    await say(`Read ${one} and ${two}.`)
    await button('Refuse').click()
    await page.getByRole('textbox', { name: 'Reason' }).fill('it is private')
    await page.getByRole('dialog').getByRole('button', { name: 'Refuse' }).click()
    await answer()
      .getByText(/I was told:.*it is private/)
      .waitFor()
    await answer().getByText('Failed', { exact: true }).waitFor()
  } finally {
    await review(false)
  }
})

test('a question is answered by a choice, in own words, or not', async () => {
  const { page, answers, answer, begin, say } = chat
  answers(once('ask-person', { question: 'Which year do you mean?', choices: ['2025', '2026'] }))
  await begin()
  await say('Sort my papers.')
  await answer().getByText('Which year do you mean?').waitFor()
  await button('2026').click()
  await answer()
    .getByText(/I was told:.*2026/)
    .waitFor()

  await say('Again.')
  await page.getByRole('textbox', { name: 'Or in your words' }).fill('the one before')
  await page.keyboard.press('Enter')
  await answer()
    .getByText(/I was told:.*the one before/)
    .waitFor()

  await say('And again.')
  await button('I do not want to say').click()
  await answer()
    .getByText(/I was told:.*does not answer/)
    .waitFor()
})

test('one change is asked for where it is made, shown as what it is, and made or refused', async () => {
  const { page, answers, answer, begin, say, file } = chat
  const letter = file('Downloads/letter.txt', 'Dear Ada')
  answers(once('files.remove', { path: letter }))
  await begin()
  await say(`Delete ${letter}`)
  await page.getByRole('list', { name: 'Changes' }).getByText('letter.txt').waitFor()
  await button(/^Refuse/).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Refuse' }).click()
  await answer()
    .getByText(/I was told:/)
    .waitFor()
  expect(existsSync(letter)).toBe(true)

  await say(`Do delete ${letter}`)
  await button(/^Approve 1 change/).click()
  await answer()
    .getByText(/I was told:/)
    .waitFor()
  expect(existsSync(letter)).toBe(false)
})

test('what is not allowed yet is asked for in plain words', async () => {
  const { page, answers, answer, begin, say, file } = chat
  const diary = file('Private/diary.txt', 'Nobody knows.')
  answers(once('files.read', { path: diary }))
  await begin()
  await say('What is in my diary?') // its place is the model's idea, and no grant
  await page.getByRole('button', { name: 'Allow once' }).waitFor()
  expect(await answer().getByText('Nobody knows.').count()).toBe(0)
  await button('Allow once').click()
  await answer()
    .getByText(/I was told:.*Nobody knows/)
    .waitFor()
  expect(readFileSync(diary, 'utf8')).toBe('Nobody knows.')
})

test('a tool that fails says why, and the answer goes on', async () => {
  const { life, answers, answer, begin, say } = chat
  answers(once('files.read', { path: `${life.home}/Documents/nowhere.txt` }))
  await begin()
  await say(`Look in ${life.home}/Documents for nowhere.txt`)
  await answer().getByText('Failed', { exact: true }).waitFor()
  await answer()
    .getByText(/I was told:/)
    .waitFor()
})

test('with no model at all, what workflows can do is done and the rest says what is missing', async () => {
  await using bare = await openChat({ models: false })
  const { page, answer, begin, say, file } = bare
  file('Downloads/song.mp3', 'ID3')
  file('Downloads/notes.md', '# Notes')
  await begin()
  await page.getByText('No model is set up.').waitFor()
  await say('tidy ~/Downloads')
  const approve = page.getByRole('button', { name: /^Approve \d+ changes/ })
  await approve.waitFor()
  await approve.click()
  await answer()
    .getByText(/^Done: \d+ changes/)
    .waitFor()
  expect(existsSync(`${bare.life.home}/Downloads/song.mp3`)).toBe(false)

  await say('Write a poem about kettles.')
  await answer().getByText(/model/).first().waitFor()
  expect(bare.faults).toEqual([])
})

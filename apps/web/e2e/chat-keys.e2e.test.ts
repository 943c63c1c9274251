// A whole conversation without a mouse: say, stop, say it differently, go between the versions, approve; and how a question looks.
import { existsSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { look, PHONE, seriousFaults, sideways, WIDE } from './browser.ts'
import { calledSince, gate, messageBox, openChat } from './chat.ts'
import type { Chat } from './chat.ts'

const VIEWS = [WIDE, PHONE].flatMap((size) => (['light', 'dark'] as const).map((theme) => ({ size, theme })))
const MOST_TABS = 60
let chat: Chat

beforeAll(async () => {
  chat = await openChat()
}, 60_000)
afterEach(() => expect(chat.faults).toEqual([]))
afterAll(() => chat[Symbol.asyncDispose]())

/** Goes back with Shift+Tab until the thing with this name has the focus. */
async function backTo(name: string): Promise<void> {
  for (let tabs = 0; tabs < MOST_TABS; tabs++) {
    await chat.page.keyboard.press('Shift+Tab')
    if ((await chat.page.evaluate('document.activeElement?.getAttribute("aria-label")')) === name) return
  }
  throw new Error(`${name} is not reached by the keyboard`)
}

test('say, stop, edit, go between versions and approve, by keys alone; a question has no fault in any view', async () => {
  const { page, answers, answer, begin, file } = chat
  const old = file('Documents/old.txt', 'x')
  const { keyboard } = page
  answers({ pieces: ['Beginning ', 'end.'], pace: (piece) => (piece === 1 ? gate().passed : undefined) })
  await begin()
  await keyboard.type('apples') // the box has the focus already
  await keyboard.press('Enter')
  await answer().getByText('Beginning').waitFor()
  await keyboard.press('Escape')
  await page.getByRole('button', { name: 'Go on' }).waitFor()

  answers(({ last }) => `You said ${last}`)
  await messageBox(page).focus()
  await backTo('Edit and send again')
  await keyboard.press('Enter')
  await keyboard.press('Control+A')
  await keyboard.type('pears')
  await keyboard.press('Control+Enter')
  await answer().getByText('You said pears').waitFor()
  await messageBox(page).focus()
  await backTo('The version before')
  await keyboard.press('Enter')
  await answer().getByText('Beginning').waitFor()
  await backTo('The version after')
  await keyboard.press('Enter')
  await answer().getByText('You said pears').waitFor()

  answers((request) => (calledSince(request).length === 0 ? { calls: [{ tool: 'files.remove', input: { path: old } }] } : 'It is gone.'))
  await messageBox(page).focus()
  await keyboard.type('remove the old one')
  await keyboard.press('Enter')
  await page.getByRole('button', { name: /^Approve 1 change/ }).waitFor()
  const found: string[] = []
  for (const { size, theme } of VIEWS) {
    await look(page, size, theme)
    found.push(...[...(await seriousFaults(page)), ...(await sideways(page))].map((fault) => `${size.width} px, ${theme}: ${fault}`))
  }
  await look(page, WIDE, 'light')
  expect(found).toEqual([])
  expect(existsSync(old)).toBe(true)
  await messageBox(page).focus()
  await keyboard.press('Control+Enter') // with nothing written it answers the question above
  await answer().getByText('It is gone.').waitFor()
  expect(existsSync(old)).toBe(false)
})

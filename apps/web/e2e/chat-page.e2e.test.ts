// The page of conversations: what goes along with a message, lists and search, the keyboard, hostile answers, looks, length.
import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { look, PHONE, seriousFaults, sideways, WIDE } from './browser.ts'
import { calledSince, messageBox, openChat } from './chat.ts'
import type { Chat } from './chat.ts'

const VIEWS = [WIDE, PHONE].flatMap((size) => (['light', 'dark'] as const).map((theme) => ({ size, theme })))
let chat: Chat

beforeAll(async () => {
  chat = await openChat()
}, 60_000)

afterEach(() => expect(chat.faults).toEqual([]))
afterAll(() => chat[Symbol.asyncDispose]())

const button = (name: RegExp | string) => chat.page.getByRole('button', { name })

async function faultsOfView(): Promise<string[]> {
  const { page } = chat
  const found: string[] = []
  for (const { size, theme } of VIEWS) {
    await look(page, size, theme)
    found.push(...[...(await seriousFaults(page)), ...(await sideways(page))].map((fault) => `${size.width} px, ${theme}: ${fault}`))
  }
  await look(page, WIDE, 'light')
  return found
}

const HAND = `
  const data = new DataTransfer()
  data.items.add(new File([given.text], given.name, { type: 'text/plain' }))
  const how = { bubbles: true, cancelable: true }
  box.dispatchEvent(given.how === 'paste' ? new ClipboardEvent('paste', { clipboardData: data, ...how }) : new DragEvent('drop', { dataTransfer: data, ...how }))
`

/** Hands files to the box as the clipboard or the mouse would. */
async function hand(how: 'paste' | 'drop', name: string, text: string): Promise<void> {
  await messageBox(chat.page).focus()
  await chat.page.evaluate(`((box, given) => {${HAND}})(document.activeElement, ${JSON.stringify({ how, name, text })})`)
}

test('files go along by upload, paste, drop and their place; a run by its name', async () => {
  const { page, ollama, answers, answer, begin, say, file } = chat
  file('Documents/placed.txt', 'on this machine')
  answers((request) => {
    const blob = /uploaded\.txt, text\/plain; documents\.read reads it by \{"blob":"([0-9a-f]{64})"/.exec(request.last)?.[1]
    if (calledSince(request).length === 0) return { calls: [{ tool: 'documents.read', input: { blob, name: 'uploaded.txt' } }] }
    return 'I have them all.'
  })
  await begin()
  const chosen = page.waitForEvent('filechooser')
  await button('Attach').click()
  await page.getByRole('menuitem', { name: 'Upload files' }).click()
  await (await chosen).setFiles([{ name: 'uploaded.txt', mimeType: 'text/plain', buffer: Buffer.from('by upload') }])
  await button('Take uploaded.txt off').waitFor()
  await hand('paste', 'pasted.txt', 'by paste')
  await button('Take pasted.txt off').waitFor()
  await hand('drop', 'dropped.txt', 'by drop')
  await button('Take dropped.txt off').waitFor()
  await button('Attach').click()
  await page.getByRole('menuitem', { name: 'A file on this machine' }).click()
  const picker = page.getByRole('dialog', { name: 'Choose a file' })
  await picker
    .getByRole('button', { name: /^Documents/ })
    .last()
    .click()
  await picker.getByRole('button').filter({ hasText: 'placed.txt' }).click()
  await button('Take placed.txt off').waitFor()
  await say('Look at these.')
  await answer().getByText('I have them all.').waitFor()
  const mine = page.getByRole('article', { name: 'You' })
  for (const name of ['uploaded.txt', 'pasted.txt', 'dropped.txt', 'placed.txt']) await mine.getByText(name).waitFor()
  const told = JSON.stringify(ollama.asked.at(-1)?.messages)
  for (const words of ['by upload', 'by paste', 'by drop', 'on this machine', 'Documents/placed.txt']) expect(told).toContain(words)

  await button('Attach').click()
  await page.getByRole('menuitem', { name: 'A run' }).click()
  const runs = page.getByRole('dialog', { name: 'Attach a run' })
  await runs.getByText('Nothing has run yet.').waitFor()
  await page.keyboard.press('Escape')
  await page.evaluate(async () => {
    const { csrf } = (await (await fetch('/api/v1/me')).json()) as { csrf: string }
    const plan = { id: 'p', name: 'Count the spoons', steps: [{ id: 'a', set: 12 }], outputs: { spoons: '${{ steps.a }}' } }
    const headers = { 'content-type': 'application/json', 'x-csrf-token': csrf }
    await fetch('/api/v1/runs', { method: 'POST', headers, body: JSON.stringify({ plan, mode: 'autopilot' }) })
  })
  await button('Attach').click()
  await page.getByRole('menuitem', { name: 'A run' }).click()
  await runs.getByRole('button', { name: /Count the spoons/ }).click()
  await button('Take Count the spoons off').waitFor()
  answers('Twelve.')
  await say('How many?')
  await answer().getByText('Twelve.').waitFor()
  expect(ollama.asked.at(-1)?.last).toContain('What came out: {"spoons":12}')
})

test('a conversation is found by its words, renamed, downloaded and deleted', async () => {
  const { page, answers, answer, begin, say } = chat
  answers('The zebra sleeps at noon.')
  await begin()
  await say('What about the animals?')
  await answer().getByText('zebra').waitFor()
  const list = page.getByRole('navigation', { name: 'Conversations' })
  await list.getByRole('searchbox').fill('zebra noon')
  await list.locator('mark', { hasText: 'zebra' }).waitFor()
  await list.getByRole('searchbox').fill('')

  await button('What about the animals?').click()
  await page.getByRole('textbox', { name: 'Name of the conversation' }).fill('Zoo')
  await page.keyboard.press('Enter')
  await list.getByRole('link', { name: /^Zoo/ }).waitFor()

  const download = page.waitForEvent('download')
  await button('More about this conversation').click()
  await page.getByRole('menuitem', { name: 'Download as Markdown' }).click()
  const saved = await download
  expect(saved.suggestedFilename()).toBe('Zoo.md')
  expect(readFileSync(await saved.path(), 'utf8')).toContain('The zebra sleeps at noon.')

  await button('More about this conversation').click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('heading', { name: 'What shall be done?' }).waitFor()
  await list.getByRole('link', { name: /^Zoo/ }).waitFor({ state: 'detached' })
})

test('without a mouse: Enter, Shift+Enter, c, g c, and commands after a slash', async () => {
  const { page, ollama, answers, answer, begin } = chat
  answers('Heard.')
  await begin()
  const box = messageBox(page)
  await box.focus()
  await page.keyboard.type('one line')
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.type('another')
  await page.keyboard.press('Enter')
  await answer().getByText('Heard.').waitFor()
  expect(ollama.asked.at(-1)?.last).toContain('one line\nanother')

  await page.keyboard.type('/mo')
  await page.getByRole('option', { name: /^\/model/ }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  expect(await box.inputValue()).toBe('/mode ')
  await page.keyboard.type('observe')
  await page.keyboard.press('Enter')
  await button('How far it may go: Observe').waitFor()
  await page.keyboard.type('/rename By keys')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'By keys' }).waitFor()
  await page.keyboard.type('/mode fast')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').filter({ hasText: 'The mode is observe, draft or autopilot.' }).waitFor()
  await box.fill('')

  await page.evaluate('document.activeElement.blur()')
  await page.keyboard.press('c')
  await page.getByRole('heading', { name: 'What shall be done?' }).waitFor()
  await page.evaluate('document.activeElement.blur()')
  await page.goto(`${chat.life.address}/runs`)
  await page.getByRole('heading', { name: 'Runs' }).first().waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('c')
  await page.waitForURL(/\/chat/)
})

const ELSEWHERE = 'http://127.0.0.1:9'
const HOSTILE = [
  '<script>window.hacked = 1</script><img src=x onerror="window.hacked = 2"><iframe src="javascript:parent.hacked = 3"></iframe>',
  '[press me](javascript:window.hacked=4) [and me](data:text/html,<script>1</script>) [or me](vbscript:x)',
  `![a picture](${ELSEWHERE}/track.png) ![inline](data:image/svg+xml,<svg onload="window.hacked=5"/>)`,
  '```mermaid\nflowchart LR\n  A["<img src=x onerror=window.hacked=6>"] --> B\n  click A "javascript:window.hacked=7"\n  click B call alert()\n```',
  `\`\`\`mermaid\n%%{init: {"securityLevel": "loose", "themeCSS": "@import url(${ELSEWHERE}/style.css); *{background:url(${ELSEWHERE}/b.png)}"}}%%\nflowchart LR\n  C[<script>window.hacked=8</script>] --> D\n\`\`\``,
  `\`\`\`ts\n${Array.from({ length: 5000 }, (_, line) => `const line${line} = ${line}`).join('\n')}\n\`\`\``,
  'The end.',
].join('\n\n')

test('a hostile answer runs nothing and loads nothing from elsewhere', async () => {
  const { page, life, answers, answer, begin, say } = chat
  const asked: string[] = []
  const note = (request: { url: () => string }): void => void asked.push(request.url())
  page.on('request', note)
  answers({ pieces: [HOSTILE] })
  await begin()
  await say('Be evil.')
  await answer().getByText('The end.').waitFor()
  await answer()
    .getByRole('img', { name: /^Diagram/ })
    .nth(1)
    .waitFor()
  await answer().getByText('const line4999').waitFor({ state: 'attached' })
  expect(await answer().getByRole('link').count(), 'no address but of the web can be followed').toBe(0)
  for (const words of ['press me', 'and me', 'or me']) await answer().getByText(words).click()
  expect(await page.evaluate('window.hacked')).toBeUndefined()
  expect(await answer().locator('script, iframe, img[src^="http"]').count()).toBe(0)
  expect(asked.filter((url) => !url.startsWith(life.address) && !/^(data|blob):/.test(url))).toEqual([])
  page.off('request', note)
})

const DIAGRAMS = [
  '```mermaid\nflowchart LR\n  A[Preview] --> B{Approve?}\n  B -- yes --> C[Run]\n```',
  '```mermaid\nsequenceDiagram\n  Ada->>Life-OS: tidy\n  Life-OS-->>Ada: a plan\n```',
  '| step | what |\n| --- | --- |\n| 1 | preview |',
].join('\n\n')

test('diagrams are drawn in both themes, and axe finds nothing at both widths', async () => {
  const { page, answers, answer, begin, say } = chat
  await begin()
  expect(await faultsOfView()).toEqual([])
  answers(DIAGRAMS)
  await say('Draw it.')
  const drawn = answer().getByRole('img', { name: /^Diagram/ })
  await drawn.nth(1).waitFor()
  const sources = new Set<string | null>()
  for (const theme of ['light', 'dark'] as const) {
    await look(page, WIDE, theme)
    await expect.poll(async () => sources.has(await drawn.first().getAttribute('src')), { timeout: 20_000 }).toBe(false)
    sources.add(await drawn.first().getAttribute('src'))
    for (const each of await drawn.all())
      await expect.poll(() => each.evaluate((picture: { naturalWidth: number }) => picture.naturalWidth)).toBeGreaterThan(100)
  }
  expect(await faultsOfView()).toEqual([])
  await look(page, PHONE, 'light')
  await button('Conversations').click()
  await page.getByRole('dialog', { name: 'Conversations' }).getByRole('link').first().waitFor()
  await page.keyboard.press('Escape')
  await look(page, WIDE, 'light')
})

test('a long conversation opens at its end, and goes back to its beginning', async () => {
  const { page, answers, answer, begin, say } = chat
  answers(({ last }) => `Answer to ${last}. ${'Some words. '.repeat(40)}`)
  await begin()
  await say('message 0')
  await answer().getByText('Answer to message 0.').waitFor()
  for (let at = 1; at < 27; at++) {
    await say(`message ${at}`)
    await answer().getByText(`Answer to message ${at}.`).waitFor()
  }
  await page.reload()
  await answer().getByText('Answer to message 26.').waitFor()
  await expect.poll(() => answer().getByRole('button', { name: 'Answer again' }).isVisible()).toBe(true)
  await button('Earlier messages').click()
  await page.getByRole('article').getByText('message 0', { exact: true }).waitFor({ state: 'attached' })
  expect(await page.getByRole('article').count()).toBe(54)

  await page.getByRole('article').getByText('message 0', { exact: true }).scrollIntoViewIfNeeded()
  await button('To the newest message').click()
  await expect.poll(() => button('To the newest message').count()).toBe(0)
  await say('message 27')
  await answer().getByText('Answer to message 27.').waitFor()
  await expect.poll(() => page.getByRole('article').count(), { message: 'what was loaded stays' }).toBe(56)
})

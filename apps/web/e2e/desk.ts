// A person at a window of a Life-OS of their own: what most tests of pages begin with.
import type { Browser, Page } from 'playwright-core'
import { openBrowser, openWindow, settled } from './browser.ts'
import { createLifeOs } from './server.ts'
import type { LifeOs } from './server.ts'

export interface Desk extends AsyncDisposable {
  readonly life: LifeOs
  readonly browser: Browser
  readonly page: Page
  /** Scripts that threw and what the content policy refused, since the window was opened. */
  readonly faults: string[]
  /** Goes to an address of this Life-OS, such as `/plugins`, and waits until nothing is being loaded. */
  open(address: string): Promise<void>
  /** Asks the API as the page would, for what a test needs but is not about. Throws with the answer's text when it is refused. */
  call<T>(method: string, route: string, body: unknown): Promise<T>
}

/** Starts Life-OS and signs its person in, who has done nothing yet. `env`: more of its environment, such as where Ollama listens. */
export async function openDesk(env: Readonly<Record<string, string>> = {}): Promise<Desk> {
  await using opening = new AsyncDisposableStack()
  const life = opening.use(await createLifeOs(env))
  const browser = opening.use(await openBrowser())
  await life.start()
  const { page, faults } = await openWindow(browser)
  await page.goto(life.link())
  await page.getByRole('button', { name: /sample messy folder/ }).waitFor()
  const opened = opening.move()
  return {
    life,
    browser,
    page,
    faults,
    async open(address) {
      await page.goto(life.address + address)
      await settled(page)
    },
    call: (method, route, body) => callAsPage(page, method, route, body),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

function callAsPage<T>(page: Page, method: string, route: string, body: unknown): Promise<T> {
  return page.evaluate(
    async ([verb, address, json]) => {
      const { csrf } = (await (await fetch('/api/v1/me')).json()) as { csrf: string }
      const headers = { 'content-type': 'application/json', 'x-csrf-token': csrf }
      const answer = await fetch(`/api/v1${address}`, { method: verb as string, headers, body: json as string })
      if (!answer.ok) throw new Error(await answer.text())
      return (await answer.json()) as T
    },
    [method, route, JSON.stringify(body)],
  )
}

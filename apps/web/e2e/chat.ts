// A Life-OS that talks with a scripted Ollama, and how a person talks with it.
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { ollamaServer } from '../../../packages/kernel/src/models/testing/index.ts'
import type { Scripted, WireRequest, WireServer } from '../../../packages/kernel/src/models/testing/index.ts'
import { openDesk } from './desk.ts'
import type { Desk } from './desk.ts'

const MODELS = [
  { name: 'qwen3:8b', capabilities: ['completion', 'tools'], context: 32_768, size: 5.2e9, parameters: '8.2B' },
  { name: 'gemma3:4b', capabilities: ['completion', 'tools'], context: 32_768, size: 3.3e9, parameters: '4.3B' },
] as const

export interface Chat extends Desk {
  readonly ollama: WireServer
  /** What the model says from here on. */
  answers(brain: Scripted | ((request: WireRequest) => Scripted | Promise<Scripted>)): void
  /** Opens an empty conversation. */
  begin(): Promise<void>
  /** Types it and presses Enter. */
  say(text: string, where?: Page): Promise<void>
  /** The newest answer. */
  answer(where?: Page): Locator
  /** A file below the person's home; answers its path. */
  file(name: string, text: string): string
}

/** Signed in, with the model there. `models: false`: with none at all. */
export async function openChat({ models = true }: { models?: boolean } = {}): Promise<Chat> {
  const stack = new AsyncDisposableStack()
  const ollama = stack.use(await ollamaServer({ models: models ? MODELS : [], answer: 'Yes.' }))
  const desk = stack.use(await openDesk({ OLLAMA_HOST: models ? ollama.place : '127.0.0.1:9' })) // nobody serves the discard port
  const { life, page } = desk
  return {
    ...desk,
    ollama,
    answers(brain) {
      ollama.options.answer = brain
    },
    async begin() {
      await page.goto(`${life.address}/chat`)
      await page.getByRole('heading', { name: 'What shall be done?' }).waitFor()
    },
    async say(text, where = page) {
      await where.getByRole('button', { name: 'Send', exact: true }).waitFor() // no answer is being made
      await messageBox(where).fill(text)
      await messageBox(where).press('Enter')
    },
    answer: (where = page) => where.getByRole('article', { name: 'Answer' }).last(),
    file(name, text) {
      const place = path.join(life.home, name)
      mkdirSync(path.dirname(place), { recursive: true })
      writeFileSync(place, text)
      return place
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

export const messageBox = (page: Page): Locator => page.getByRole('textbox', { name: 'Message', exact: true })

/** Tools that were asked for since the person last said something, in order. */
export function calledSince({ messages }: WireRequest): string[] {
  const from = messages.findLastIndex(({ role }) => role === 'user')
  return messages.slice(from + 1).flatMap(({ calls }) => calls.map(({ tool }) => tool))
}

/** The name under which the model was offered a tool of the loop, such as `start-plan`. */
export function offered({ tools }: WireRequest, ending: string): string {
  const found = tools.find(({ id }) => id.endsWith(ending))
  if (!found) throw new Error(`no tool ${ending} was offered, only ${tools.map(({ id }) => id).join(' ')}`)
  return found.id
}

/** A wait that the test ends. */
export function gate(): { open: () => void; passed: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { open: resolve, passed: promise }
}

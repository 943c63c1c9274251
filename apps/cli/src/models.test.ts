import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ollamaServer, openaiServer } from '@life-os/kernel/models/testing'
import type { WireServer } from '@life-os/kernel/models/testing'
import { machine } from './testing/lifeos.ts'
import type { Machine } from './testing/lifeos.ts'

let here: Machine
let ollama: WireServer
let cloud: WireServer
const before = process.env['OLLAMA_HOST']

beforeAll(async () => {
  ollama = await ollamaServer({ models: ['small'], answer: 'Good day to you.' })
  cloud = await openaiServer({ models: ['gpt-x'], key: 'sk-a-long-enough-key', answer: 'From afar.' })
  process.env['OLLAMA_HOST'] = ollama.url
  here = await machine()
})
afterAll(async () => {
  if (before === undefined) delete process.env['OLLAMA_HOST']
  else process.env['OLLAMA_HOST'] = before
  here[Symbol.dispose]()
  await ollama[Symbol.asyncDispose]()
  await cloud[Symbol.asyncDispose]()
})
const json = async (...args: string[]): Promise<unknown> => JSON.parse((await here.lifeos('--json', ...args)).out)

it('finds Ollama, lists and asks its models without any set-up', async () => {
  expect(await json('models', 'providers')).toMatchObject([{ id: 'ollama', state: 'ready', detected: true, local: true }])
  const listed = await here.lifeos('models')
  expect(listed.out).toMatch(/ollama\/small\s+here\s+.*free/)
  const tested = await here.lifeos('models', 'test', 'ollama/small', 'Hello')
  expect(tested).toMatchObject({ code: 0, out: expect.stringContaining('Good day to you.') as string })
  expect(await json('models', 'costs', '--by', 'model')).toMatchObject({ groups: [{ key: 'ollama/small', calls: 1, micros: 0 }] })
})

it('adds a provider with a key that nobody sees, and routes by what is allowed', async () => {
  const added = await here.fed('sk-a-long-enough-key\n', 'models', 'add', 'far', '--kind', 'openai-compatible', '--url', cloud.url, '--key')
  expect(added).toMatchObject({ code: 0, out: expect.stringContaining('ready with 1 model') as string })
  const providers = await here.lifeos('--json', 'models', 'providers')
  expect(providers.out).not.toContain('sk-a-long')
  expect(providers.out).toContain('far-key')
  expect((await here.lifeos('models', 'route', '--model', 'far/gpt-x')).out).toContain('It would go to far/gpt-x.')
  expect(await here.lifeos('models', 'route', '--vision')).toMatchObject({ code: 1, out: expect.stringContaining('pictures') as string })
  expect(await here.lifeos('models', 'remove', 'far')).toMatchObject({ code: 0 })
})

it('pulls, shows and deletes models', async () => {
  const pulled = await here.lifeos('models', 'pull', 'ollama/all-minilm')
  expect(pulled).toMatchObject({ code: 0, out: expect.stringContaining('can be used') as string })
  expect((await here.lifeos('models', 'show', 'ollama/all-minilm')).out).toContain('on this machine')
  expect((await here.lifeos('models', 'advice')).out).toMatch(/✓\s+all-minilm/)
  expect(await here.lifeos('models', 'delete', 'ollama/all-minilm')).toMatchObject({ code: 0 })
  expect((await here.lifeos('models', 'show', 'ollama/all-minilm')).code).toBe(1)
})

it('keeps a budget, and the doctor speaks of models', async () => {
  expect((await here.lifeos('models', 'budget', '--day', '2.50')).out).toMatch(/a day\s+2\.50 USD/)
  expect((await here.lifeos('models', 'budget', '--day', 'lots')).code).not.toBe(0)
  expect((await here.lifeos('models', 'budget', '--day', 'none')).out).toMatch(/a day\s+no limit/)
  expect((await here.lifeos('doctor')).out).toMatch(/Models\s+Ollama \(here, 1 model\)/)
})

it('shows a picture to a model that sees, and one of a private folder to none elsewhere', { timeout: 180_000 }, async () => {
  await using eyes = await ollamaServer({ models: [{ name: 'eye', capabilities: ['completion', 'vision'] }], answer: 'A cat.' })
  await here.lifeos('models', 'add', 'eyes', '--kind', 'ollama', '--url', eyes.url)
  const folder = mkdtempSync(join(tmpdir(), 'lifeos-pictures-'))
  try {
    const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
    const picture = join(folder, 'cat.png')
    writeFileSync(picture, png)
    writeFileSync(join(folder, 'cat.txt'), 'no picture')
    expect(await here.lifeos('models', 'test', 'eyes/eye', '--picture', picture)).toMatchObject({ code: 0 })
    expect(eyes.asked.at(-1)?.messages.at(-1)).toMatchObject({
      text: 'Say in one sentence what this picture shows.',
      pictures: [png.toString('base64')],
    })
    for (const name of ['cat.txt', 'dog.png'])
      expect((await here.lifeos('models', 'test', 'eyes/eye', '--picture', join(folder, name))).code, name).not.toBe(0)
    expect(await here.lifeos('label', 'set', folder, 'private')).toMatchObject({ code: 0 })
    const secret = ['--kind', 'openai-compatible', '--url', cloud.url, '--key']
    await here.fed('sk-a-long-enough-key\n', 'models', 'add', 'far', ...secret)
    const asked = cloud.asked.length
    const refused = await here.lifeos('models', 'test', 'far/gpt-x', 'What?', '--picture', picture)
    expect(refused.code).toBe(1)
    expect(cloud.asked).toHaveLength(asked)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

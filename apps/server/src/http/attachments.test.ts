// What a message brings along, as it goes over the wire to a model: real documents, a real picture, what a run did.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Attachment, ThreadMessage } from '@life-os/contract'
import { ollamaServer } from '@life-os/kernel/models/testing'
import type { Script, WireServer } from '@life-os/kernel/models/testing'
import type { Sent } from '@life-os/kernel/threads'
import { openServer } from '../testing/open.ts'
import type { TestServer } from '../testing/open.ts'

const READ = new URL('../../../../plugins/documents/fixtures/read/', import.meta.url)
const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
const SMALL = { name: 'chatty', capabilities: ['completion', 'tools'], context: 32_768 } as const
const SEEING = { name: 'seeing', capabilities: ['completion', 'vision'], context: 32_768 } as const
const BOTH = { name: 'both', capabilities: ['completion', 'vision', 'tools'], context: 32_768 } as const

let server: TestServer
let model: WireServer | undefined

beforeAll(async () => {
  server = await openServer()
  mkdirSync(server.folder, { recursive: true })
}, 120_000)
beforeEach(() => serving(SMALL))
afterEach(() => model?.[Symbol.asyncDispose]())
afterAll(() => server[Symbol.asyncDispose]())

/** From here on these models and no others are there. */
async function serving(...models: (typeof SMALL | typeof SEEING | typeof BOTH)[]): Promise<void> {
  await model?.[Symbol.asyncDispose]()
  model = await ollamaServer({ models, answer: 'Seen.' })
  await server.kernel.models.setProvider({ id: 'script', kind: 'ollama', name: 'Scripted', url: model.url, enabled: true }, 'ada')
}

async function post<T>(path: string, body: unknown): Promise<T> {
  const response = await server.ask(`/api/v1${path}`, { method: 'POST', body: JSON.stringify(body) }, server.owner)
  const text = await response.text()
  expect(response.status, text).toBe(200)
  return JSON.parse(text) as T // the contract's answer
}

async function upload(name: string, mime: string, bytes: Uint8Array): Promise<Attachment> {
  const body = new Uint8Array(bytes)
  const headers = { 'content-type': 'application/octet-stream' }
  const { hash } = (await (await server.ask('/api/v1/blobs', { method: 'POST', body, headers }, server.owner)).json()) as { hash: string } // the contract's answer
  return { kind: 'blob', blob: hash, name, mime, size: bytes.byteLength }
}

function place(name: string, bytes: Uint8Array | string): Attachment {
  const path = join(server.folder, name)
  writeFileSync(path, bytes)
  return { kind: 'file', path, name }
}

/** Sends it in a thread and answers how the answer came out. */
async function tell(text: string, attachments: Attachment[], given?: string): Promise<{ thread: string; answer: ThreadMessage }> {
  const thread = given ?? (await post<{ id: string }>('/threads', {})).id
  const sent = await post<Sent>(`/threads/${thread}/messages`, { text, attachments })
  await server.kernel.runs.settled(sent.answer.run ?? '')
  const { id } = await server.kernel.auth.owner()
  return { thread, answer: await server.kernel.threads.message(thread, sent.answer.id, id) }
}

const told = (): string => model?.asked.at(-1)?.messages.findLast(({ role }) => role === 'user')?.text ?? ''

// First of all: the process of a plugin keeps the labels of what it once read.
test('what is uploaded is a stranger’s; what is named by its place has the labels of its folder, as if it were read', async () => {
  await serving(SMALL)
  expect((await tell('What is this?', [place('own-bill.md', 'Pay Adam.')])).answer.labels).not.toContain('untrusted')
  await server.kernel.labels.setFolder(server.folder, ['untrusted'], 'ada')
  expect((await tell('What is this?', [place('own-bill.md', 'Pay Adam.')])).answer.labels).toContain('untrusted')
  await server.kernel.labels.setFolder(server.folder, [], 'ada')
  expect((await tell('What is this?', [await upload('bill.md', 'text/markdown', Buffer.from('Pay Eve.'))])).answer.labels).toContain(
    'untrusted',
  )
})

test('documents are told from their beginning with page, heading and place, and can be read on and cited', async () => {
  const long = Array.from({ length: 60 }, (_, at) => `# Part ${at}\n\n${'Words of it. '.repeat(30)}`).join('\n\n')
  const answered: Script = ({ messages }) => {
    const cite = /"cite":(\d+)[^}]*120\.00/.exec(messages.map(({ text }) => text).join('\n'))?.[1]
    return `It comes to 120.00 [${cite}].`
  }
  if (model) model.options.answer = answered
  const { answer } = await tell('What do these come to?', [
    await upload('two-invoices.pdf', 'application/pdf', readFileSync(new URL('two-invoices.pdf', READ))),
    place('lease.docx', readFileSync(new URL('lease.docx', READ))),
    place('costs.csv', 'what,amount\nlamp,120.00\n'),
    await upload('long.md', 'text/markdown', Buffer.from(long)),
  ])
  expect(answer).toMatchObject({ state: 'done', error: null })
  expect(told()).toMatch(/What two-invoices\.pdf says[\s\S]*"page":1/)
  expect(told()).toMatch(/What lease\.docx says[\s\S]*"heading":"/)
  expect(told()).toContain('what: lamp; amount: 120.00')
  expect(told()).toContain('"outline":[{"heading":"Part 0"')
  expect(told()).toContain('"heading":"Part 59"')
  expect(told()).toMatch(/documents\.read reads it by \{"blob":"[0-9a-f]{64}","name":"long\.md"\}/)
  expect(told().length).toBeLessThan(20_000)
  expect(answer.citations).toMatchObject([{ document: join(server.folder, 'costs.csv'), heading: 'Row 2', start: 0 }])
})

test('what is no document and what is broken holds nothing up, and the model is told', async () => {
  const { answer } = await tell('And these?', [place('broken.pdf', '%PDF-1.7 nothing'), place('clip.mp4', 'xx')])
  expect(answer.state).toBe('done')
  expect(told()).toContain('[broken.pdf could not be read as a document]')
  expect(told()).toContain(`[attached file: ${join(server.folder, 'clip.mp4')}]`)
})

test('a picture reaches a model that sees, uploaded or by its place, also when that one calls no tools', async () => {
  const pictures = [await upload('a.png', 'image/png', PIXEL), place('b.png', PIXEL)]
  for (const models of [[SMALL, SEEING], [BOTH]]) {
    await serving(...models)
    const { answer } = await tell('What is on these?', pictures)
    expect(answer).toMatchObject({ state: 'done', model: `script/${models.at(-1)?.name}` })
    const asked = model?.asked.at(-1)
    expect(asked?.messages.at(-1)?.pictures, told()).toEqual([PIXEL.toString('base64'), PIXEL.toString('base64')])
    const lacks = answer.parts.some((part) => part.type === 'notice' && part.code === 'vision-without-tools')
    expect([lacks, asked?.tools.length === 0]).toEqual(models.length > 1 ? [true, true] : [false, false])
  }
  await serving(SMALL)
  const { answer } = await tell('And now?', pictures)
  expect(answer).toMatchObject({ state: 'failed', error: { code: 'model-none', message: expect.stringContaining('cannot see pictures') } })
})

test('labels of what is attached stay with it: a picture and a document of a private folder, a run that read one', async () => {
  const { labels, auth } = server.kernel
  await labels.setFolder(server.folder, ['private'], (await auth.owner()).id)
  try {
    await serving(BOTH)
    const picture = await tell('Look.', [place('c.png', PIXEL)])
    expect(picture.answer.labels).toContain('private')
    const document = await tell('Read.', [place('costs.csv', 'what,amount\nlamp,121.00\n')])
    expect(document.answer.labels).toContain('private')
    const run: Attachment = { kind: 'run', run: document.answer.run ?? '', name: 'Chat' }
    expect((await tell('What did it do?', [run])).answer.labels).toContain('private')
  } finally {
    await labels.setFolder(server.folder, [], (await auth.owner()).id)
  }
})

test('a run is told as what it did', async () => {
  const path = join(server.folder, 'made.txt')
  const plan = {
    id: 'p',
    name: 'Write a note',
    steps: [{ id: 'a', tool: 'files.write', input: { path, content: 'hello' } }],
    outputs: { note: 'It is written.' },
  }
  const run = await post<{ id: string }>('/runs', { plan, mode: 'autopilot', allow: [`fs.write:${path}`] })
  await server.kernel.runs.settled(run.id)
  await tell('What did this do?', [{ kind: 'run', run: run.id, name: 'Write a note' }])
  expect(told()).toMatch(/What the run “Write a note” did, done/)
  expect(told()).toMatch(/It changed:\n- .*made\.txt.*\(finished\)/)
  expect(told()).toContain('What came out: {"note":"It is written."}')
})

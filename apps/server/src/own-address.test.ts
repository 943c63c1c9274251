// Life-OS asked by what it runs: nothing that a tool, a server or a provider asks of this very Life-OS has a person's power.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Plan } from '@life-os/contract'
import { listenTcp } from './listen.ts'
import type { Listener } from './listen.ts'
import { createApp } from './http/app.ts'
import { createAllowedHosts } from './http/hosts.ts'
import { openServer } from './testing/open.ts'
import type { TestServer } from './testing/open.ts'

const ADA = { kind: 'person', id: 'ada', name: 'Ada' } as const
let server: TestServer
let listener: Listener
const asked: string[] = []
const ending = new AbortController()
beforeAll(async () => {
  server = await openServer()
  const app = createApp(server.kernel, { hosts: createAllowedHosts(() => listener.port), signal: ending.signal })
  listener = await listenTcp(
    Promise.resolve({
      fetch: (request: Request, env: never) => {
        asked.push(`${request.method} ${new URL(request.url).pathname}`)
        return app.fetch(request, env)
      },
    } as unknown as ReturnType<typeof createApp>), // the same app, with what it is asked written down
    '127.0.0.1',
    0,
  )
}, 120_000)
afterAll(async () => {
  ending.abort()
  await listener[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

const NAMES = ['127.0.0.1', 'localhost', '127.1', '0.0.0.0', '2130706433', '0x7f000001', '[::ffff:127.0.0.1]']

/** One call of a tool as a run of its own; an answer of yes to whatever it asks, by who may. */
async function called(tool: string, input: Record<string, unknown>, yes: boolean) {
  const { runs, gate } = server.kernel
  const plan = {
    inputs: {},
    id: 'own',
    name: 'Own',
    version: '1.0.0',
    steps: [{ id: 'ask', tool, input }] as Plan['steps'],
    outputs: { answer: '${{ steps.ask }}' },
  }
  const { id } = await runs.start({ plan, inputs: {}, mode: 'draft', priority: 0, allow: [] }, ADA)
  for (let round = 0; round < 6; round += 1) {
    const run = await runs.settled(id)
    if (run.state !== 'waiting' || !yes) return { run, output: await runs.outputs(id) }
    const { hash } = await gate.approvals.get(run.approval ?? '')
    await runs.answer(run.approval ?? '', { answer: 'approve', hash, except: [], exceptGlobs: [], final: true, remember: 'no' }, ADA)
  }
  throw new Error('it asks without an end')
}

describe('the tool that reads pages', () => {
  test.each(NAMES)('asks a person before it asks http://%s at our port', async (name) => {
    asked.length = 0
    const { run } = await called('web.fetch', { url: `http://${name}:${listener.port}/api/v1/runs` }, false)
    expect(run.state).toBe('waiting')
    expect(asked).toEqual([])
  })

  test.each(['/api/v1/runs', '/api/v1/people', '/api/v1/secrets'])('is nobody there even when it was allowed: %s', async (path) => {
    const { run, output } = await called('web.fetch', { url: `http://127.0.0.1:${listener.port}${path}` }, true)
    expect(JSON.stringify([run.error, output])).toMatch(/401|not-signed-in|Sign in/i)
    expect(JSON.stringify(output)).not.toContain('"items"')
  })
})

test.each(['/api/v1/runs', '/api/v1/stop', '/mcp'])('a request without who asks changes nothing: POST %s', async (path) => {
  for (const headers of [{}, { host: `evil.test:${listener.port}` }, { origin: 'http://evil.test' }, { cookie: 'lifeos_00000000=x' }])
    expect(
      (await fetch(`http://127.0.0.1:${listener.port}${path}`, { method: 'POST', headers, body: '{}' })).status,
    ).toBeGreaterThanOrEqual(400)
  const { items } = await server.kernel.runs.list({ limit: 50, search: 'evil' })
  expect(items).toEqual([])
})

test('a provider of models at our own address gets no answer and leaves nothing done', async () => {
  asked.length = 0
  const { models, runs } = server.kernel
  const before = (await runs.list({ limit: 1 })).total
  for (const kind of ['ollama', 'openai-compatible'] as const)
    await models.setProvider(
      { id: `own-${kind.slice(0, 6)}`, kind, name: 'Own', url: `http://127.0.0.1:${listener.port}/api/v1`, enabled: true },
      'ada',
    )
  const own = (await models.providers(true)).filter(({ id }) => id.startsWith('own-'))
  expect(own.map(({ state }) => state).filter((state) => state === 'ready')).toEqual([])
  expect(asked.length).toBeGreaterThan(0) // it really asked here
  expect((await runs.list({ limit: 1 })).total).toBe(before)
})

test('an MCP server at our own address is asked without a token and so lists nothing', async () => {
  asked.length = 0
  const transport = { kind: 'http' as const, url: `http://127.0.0.1:${listener.port}/mcp` }
  const set = await server.kernel.mcp.set({ id: 'own', name: 'Own', enabled: true, timeout: 5000, transport } as never, 'ada') // the rest by default
  expect(set).toMatchObject({ digest: null })
  expect(server.kernel.plugins.tools().filter(({ id }) => id.startsWith('mcp-own.'))).toEqual([])
})

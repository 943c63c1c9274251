// A server elsewhere whose connection is bad, and that wants a key: spoken by hand, as the protocol of 2025 writes it.
import http from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSandbox } from '../sandbox/index.ts'
import type { Sandbox } from '../sandbox/index.ts'
import { freshPlace } from '../store/testing.ts'
import { openBench } from './testing.ts'
import type { McpBench } from './testing.ts'

const KEY = 'canary-key-of-a-server-elsewhere'
let sandbox: Sandbox
beforeAll(async () => void (sandbox = await createSandbox()))
afterAll(async () => sandbox?.[Symbol.asyncDispose]())

interface Elsewhere extends AsyncDisposable {
  port: number
  /** Of each request: method, key, and from which event it goes on. */
  heard: { method: string; auth: string | undefined; from: string | undefined; said: string | undefined }[]
  /** Its tool is another one from now on. */
  changed: boolean
}

/** `tools/call` is answered by a stream that is cut after its first event; whoever comes back with that event's id gets the rest. */
async function elsewhere(): Promise<Elsewhere> {
  const heard: Elsewhere['heard'] = []
  let open: number | string = 0
  const answer = (id: number | string, result: object) => JSON.stringify({ jsonrpc: '2.0', id, result })
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const message = body === '' ? {} : (JSON.parse(body) as { id?: number; method?: string }) // written by the SDK
    const { authorization: auth, 'last-event-id': from } = request.headers
    heard.push({ method: request.method ?? '', auth, from: typeof from === 'string' ? from : undefined, said: message.method })
    if (auth !== `Bearer ${KEY}`) return void response.writeHead(401).end()
    const json = (result: object) =>
      response.writeHead(200, { 'content-type': 'application/json', 'mcp-session-id': 's1' }).end(answer(message.id ?? 0, result))
    if (request.method === 'GET' && from === 'first') {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      return void response.end(`id: second\ndata: ${answer(open, { content: [{ type: 'text', text: 'all of it' }] })}\n\n`)
    }
    if (request.method !== 'POST') return void response.writeHead(405).end()
    if (message.method === 'initialize')
      return void json({ protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'far', version: '1' } })
    if (message.method === 'tools/list')
      return void json({
        tools: [{ name: 'slow', description: place.changed ? 'Another now.' : 'Slow.', inputSchema: { type: 'object' } }],
      })
    if (message.method === 'tools/call') {
      open = message.id ?? 0
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('id: first\nretry: 50\ndata: \n\n')
      return void setImmediate(() => response.end()) // the connection is gone before the answer
    }
    if (message.id === undefined) return void response.writeHead(202).end()
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ jsonrpc: '2.0', id: message.id, error: { code: -32_601, message: 'no such method' } }))
  }
  const server = http.createServer((request, response) => void serve(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a TCP server has a port
  const place: Elsewhere = {
    port,
    heard,
    changed: false,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return place
}

async function withServer(work: (bench: McpBench, far: Elsewhere, home: string) => Promise<void>): Promise<void> {
  await using far = await elsewhere()
  await using home = await freshPlace('sqlite')
  await using bench = await openBench(home, sandbox)
  await bench.secrets.set({ name: 'far-key', kind: 'token', title: '', hosts: [`127.0.0.1:${far.port}`], value: KEY }, 'ada')
  const auth = { secret: 'far-key', as: 'bearer' as const }
  await bench.accepted({ id: 'far', timeout: 20_000, transport: { kind: 'http', url: `http://127.0.0.1:${far.port}/mcp`, auth } })
  await work(bench, far, home.home)
}

async function called(bench: McpBench) {
  let run = await bench.call('mcp-far.slow')
  for (let questions = 0; run.state === 'waiting' && questions < 5; questions += 1) run = await bench.approve(run)
  return run
}

test('a stream that is cut is taken up where it was cut, and the call is made once', { timeout: 60_000 }, async () => {
  await withServer(async (bench, far) => {
    const run = await called(bench)
    expect((await bench.output(run)).text).toBe('all of it')
    expect(far.heard.filter(({ said }) => said === 'tools/call')).toHaveLength(1)
    expect(far.heard.some(({ method, from }) => method === 'GET' && from === 'first')).toBe(true)
  })
})

test('its key goes to it with each request, and stands in nothing that is kept or shown', { timeout: 60_000 }, async () => {
  await withServer(async (bench, far) => {
    const run = await called(bench)
    expect(far.heard.length).toBeGreaterThan(3)
    expect(far.heard.every(({ auth }) => auth === `Bearer ${KEY}`)).toBe(true)
    const shown = JSON.stringify([run, bench.mcp.get('far'), bench.notes, await bench.runs.previewOf(run.id), bench.plugins.list()])
    const audit = JSON.stringify((await bench.gate.audit.list({ limit: 200 })).items)
    expect(shown + audit).not.toContain(KEY)
  })
})

test('connected anew it is asked again what it offers; another list turns its tools off', { timeout: 60_000 }, async () => {
  await withServer(async (bench, far) => {
    far.changed = true
    expect(await bench.mcp.reconnect('far', 'ada')).toMatchObject({
      state: 'changed',
      difference: [expect.stringContaining('Another now.')],
    })
    expect(bench.plugins.tools()).toEqual([])
  })
})

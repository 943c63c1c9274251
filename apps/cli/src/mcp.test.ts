import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { McpServer } from '@life-os/contract'
import { document, machine } from './testing/lifeos.ts'
import type { Machine } from './testing/lifeos.ts'

// A server of one tool, in as many words as the protocol needs.
const SERVER = `
const send = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n')
let call
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, result } = JSON.parse(line)
  if (method === 'initialize') send({ id, result: { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'small', version: '1.0.0' } } })
  else if (method === 'tools/list') send({ id, result: { tools: [{ name: 'Say_It', description: 'Says it.', inputSchema: { type: 'object' } }] } })
  else if (method === 'tools/call') { call = id; send({ id: 'ask', method: 'elicitation/create', params: { message: 'Who is it for?', requestedSchema: { type: 'object', properties: { name: { type: 'string', title: 'Name' }, size: { type: 'string', enum: ['s', 'm'] } }, required: ['name'] } } }) }
  else if (id === 'ask') send({ id: call, result: { content: [{ type: 'text', text: JSON.stringify(result) }] } })
  else if (id !== undefined) send({ id, error: { code: -32601, message: 'unknown' } })
})`

let here: Machine
let folder: string
beforeAll(async () => {
  here = await machine()
  folder = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'lifeos-cli-mcp-')))
  fs.chmodSync(folder, 0o755)
  fs.writeFileSync(join(folder, 'server.cjs'), SERVER)
})
afterAll(() => {
  here[Symbol.dispose]()
  fs.rmSync(folder, { recursive: true, force: true })
})

test('a server is added, waits, is accepted, shown and removed', { timeout: 120_000 }, async () => {
  const added = await here.lifeos('mcp', 'servers', 'add', 'small', '--mount', folder, '--', 'node', join(folder, 'server.cjs'))
  expect(added).toMatchObject({ code: 4, out: expect.stringContaining('lifeos mcp servers accept small') })
  expect(added.err).toContain('mcp-small.say-it')
  const accepted = await here.lifeos(
    'mcp',
    'servers',
    'add',
    'small',
    '--mount',
    folder,
    '--yes',
    '--json',
    '--',
    'node',
    join(folder, 'server.cjs'),
  )
  expect(document<McpServer>(accepted)).toMatchObject({
    state: 'idle',
    tools: [{ id: 'mcp-small.say-it', accepted: true, effect: 'external' }],
  })
  expect((await here.lifeos('mcp', 'servers', 'list')).out).toMatch(/small\s+idle\s+1 tools/)
  expect((await here.lifeos('tools', 'mcp-small')).out).toContain('mcp-small.say-it')
  expect((await here.lifeos('mcp', 'servers', 'show', 'small')).out).toContain('Says it.')
  expect(await here.lifeos('mcp', 'servers', 'remove', 'small')).toMatchObject({ code: 0 })
  expect(await here.lifeos('mcp', 'servers', 'show', 'small', '--json')).toMatchObject({
    code: 1,
    out: expect.stringContaining('mcp-server-unknown'),
  })
})

test('what a server asks is told with its fields, and answered from the terminal', { timeout: 120_000 }, async () => {
  await here.lifeos('mcp', 'servers', 'add', 'asking', '--mount', folder, '--yes', '--', 'node', join(folder, 'server.cjs'))
  const plan = join(folder, 'plan.yaml')
  fs.writeFileSync(
    plan,
    'id: say\nname: Say\nsteps: [{ id: say, tool: mcp-asking.say-it, input: {} }]\noutputs: { answer: "${{ steps.say.text }}" }\n',
  )
  const asked = await here.lifeos('run', plan, '--yes-final')
  expect(asked, asked.err).toMatchObject({ code: 4 })
  expect(asked.err).toMatch(/The MCP server asking asks you[\s\S]*Who is it for\?[\s\S]*Name \(name: string\)[\s\S]*s \| m; optional/)
  const run = /lifeos approve (\S+) --answer done/.exec(asked.err)?.[1] ?? ''
  const answered = await here.lifeos('approve', run, '--answer', 'done', '--output', '{"name":"Ada","size":"m"}', '--json')
  expect(answered, answered.err).toMatchObject({ code: 0 })
  expect(document<{ state: string }>(answered)).toMatchObject({ state: 'done' })
})

test('what cannot be is said before anything is kept', { timeout: 60_000 }, async () => {
  const listed = async () => document<McpServer[]>(await here.lifeos('mcp', 'servers', 'list', '--json')).map(({ config }) => config.id)
  const before = await listed()
  expect(await here.lifeos('mcp', 'servers', 'add', 'none')).toMatchObject({ code: 2, err: expect.stringContaining('--url') })
  expect(await here.lifeos('mcp', 'servers', 'add', 'Bad Name', '--url', 'https://example.org/mcp')).toMatchObject({ code: 2 })
  expect(await listed()).toEqual(before)
})

// What a published MCP server asks of a model: answered through the gate and the router, and paid from the run's budget.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Plan, Run } from '@life-os/contract'
import { ollamaServer } from '@life-os/kernel/models/testing'
import type { WireRequest, WireServer } from '@life-os/kernel/models/testing'
import { parsePlan } from '@life-os/kernel/plans'
import { installed } from '../../../../tools/lab/mcp.ts'
import { openServer } from '../testing/open.ts'
import type { TestServer } from '../testing/open.ts'

const ADA = { kind: 'person', id: 'ada', name: 'Ada' } as const

let server: TestServer
let model: WireServer
let npm: ReturnType<typeof installed>
const heard: WireRequest[] = []
beforeAll(async () => {
  npm = installed('@modelcontextprotocol/server-everything')
  server = await openServer()
  const answer = (request: WireRequest) => {
    heard.push(request)
    return { text: 'a haiku of the scripted model' }
  }
  model = await ollamaServer({ models: [{ name: 'scripted', capabilities: ['completion'], context: 65_536 }], answer })
  const { models, mcp } = server.kernel
  await models.setProvider({ id: 'script', kind: 'ollama', name: 'Scripted', url: model.url, enabled: true }, 'ada')
  const mounts = [{ path: npm.folder, access: 'read' as const }]
  const transport = { kind: 'stdio' as const, command: 'node', args: [npm.entries[0] ?? ''], env: {}, secretEnv: {}, mounts, network: [] }
  const { digest } = await mcp.set({ id: 'every', name: 'Everything', transport, enabled: true, timeout: 30_000 }, 'ada')
  await mcp.accept('every', digest ?? '', 'ada')
}, 120_000)
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  await model?.[Symbol.asyncDispose]()
  npm?.[Symbol.dispose]()
}, 60_000)

/** Runs the tool and says yes to all that is asked; `asked`: what each question was about. */
async function called(budget = ''): Promise<{ run: Run; asked: string[]; text: string }> {
  const { runs, gate } = server.kernel
  const input = '{ prompt: "write a haiku", maxTokens: 50 }'
  const parsed = parsePlan(
    `id: ask\nname: Ask\n${budget}steps: [{ id: ask, tool: mcp-every.trigger-sampling-request, input: ${input} }]\noutputs: { answer: "\${{ steps.ask.text }}" }`,
  )
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  const plan: Plan = parsed.plan
  const started = await runs.start({ plan, inputs: {}, mode: 'draft', priority: 0, allow: [] }, ADA)
  const asked: string[] = []
  let run = await runs.settled(started.id)
  for (let questions = 0; run.state === 'waiting' && questions < 6; questions += 1) {
    const { id, hash, needs, preview } = await gate.approvals.get(run.approval ?? '')
    asked.push(...needs.map(({ kind }) => kind), ...(preview?.summary.needs ?? []).map(({ permission }) => permission))
    await runs.answer(id, { answer: 'approve', hash, except: [], exceptGlobs: [], final: true, remember: 'no' }, ADA)
    run = await runs.settled(run.id)
  }
  const outputs = await runs.outputs(run.id)
  return { run, asked, text: String(outputs?.['answer'] ?? run.error?.message) }
}

test(
  'a server’s question to a model is refused until a person allowed it, then answered and paid by the run',
  { timeout: 120_000 },
  async () => {
    const first = await called()
    expect(first.text).toContain('Nobody has allowed this server a model')
    expect(heard).toEqual([])
    const second = await called()
    expect(second.asked.join(' ')).toContain('model')
    expect(second.text).toContain('a haiku of the scripted model')
    expect(second.run.labels).toContain('untrusted')
    expect(second.run.cost.tokens).toBeGreaterThan(0)
    const [request] = heard
    expect(request?.messages.map(({ role }) => role)).not.toContain('system') // its instructions are data here
    expect(JSON.stringify(request?.messages)).toContain('You are a helpful test server.')
    const usage = await server.kernel.models.usage({ limit: 10, run: second.run.id })
    expect(usage.items).toMatchObject([{ tool: 'mcp-every.trigger-sampling-request', model: expect.stringContaining('scripted') }])
  },
)

test('what the run may spend is the most it gets', { timeout: 120_000 }, async () => {
  const before = heard.length
  const { run, text } = await called('budget: { tokens: 5 }\n')
  expect(text).not.toContain('haiku of the scripted')
  expect(`${text} ${run.error?.code}`).toMatch(/budget/)
  expect(heard.length).toBe(before)
})

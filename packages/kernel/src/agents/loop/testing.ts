import {
  Agent,
  type ApprovalDetail,
  type AnswerApproval,
  type Plan,
  type Run,
  type StartRun,
  type ToolDescription,
} from '@life-os/contract'
import { createGenerateTool } from '../../models/index.ts'
import { KEYS, modelsOver, ollamaServer, type ModelsFixture, type Script, type WireServer } from '../../models/testing/index.ts'
import { createRuns, type InnerTool, type Runs, type StartOptions } from '../../runs/index.ts'
import { ada, fixtureBuild, openKernel, planOf, type KernelOptions, type TestKernel } from '../../runs/testing.ts'
import type { StorePlace } from '../../store/testing.ts'
import { createAgentLoop } from './loop.ts'
import type { AgentLoopDeps, TurnOutput } from './types.ts'

/** A plan of one agent's step, as a chat's turn is one. */
export function talkPlan(agent = 'helper', more = ''): Plan {
  return planOf(`
id: talk
name: Talk
inputs:
  say: { type: text, default: hello }
  folder: { type: path, optional: true }
steps:
  - id: answer
    agent: ${agent}
    input: { say: "\${{ inputs.say }}"${more} }
outputs: { answer: "\${{ steps.answer }}" }
`)
}

export const helper: Agent = Agent.parse({
  id: 'helper',
  name: 'Helper',
  instructions: 'Help.',
  tools: ['trial.*', 'papers.read'],
  plans: true,
})

export interface AgentsOptions extends Partial<Omit<AgentLoopDeps, 'book' | 'tools' | 'clock'>> {
  agents?: readonly Agent[]
  tools?: readonly InnerTool[]
  kernel?: KernelOptions
  /** A server that is there already, for a kernel that is opened again. */
  server?: WireServer
  /** No model is set up. */
  none?: boolean
}
export interface TestAgents extends AsyncDisposable {
  runs: Runs
  kernel: TestKernel
  server: WireServer
  models: ModelsFixture
  /** Starts a turn and waits until it rests. */
  talk(say: string, more?: Partial<StartRun>, options?: StartOptions): Promise<Run>
  settled(run: Run): Promise<Run>
  /** What waits for an answer in a run. */
  waiting(run: Run): Promise<ApprovalDetail>
  /** Answers what waits and lets the run settle. */
  answer(run: Run, answer?: Partial<AnswerApproval>): Promise<Run>
  output(run: Run): Promise<TurnOutput>
  /** Every event of a run's journal, as text lines `type path`. */
  lines(run: Run): Promise<string[]>
}

/** Agents over a whole kernel: real runs, a real store, and a model that says what the script says over HTTP. */
export async function openAgents(place: StorePlace, script: Script, options: AgentsOptions = {}): Promise<TestAgents> {
  const stack = new AsyncDisposableStack()
  const { agents = [helper], tools = [], kernel: kernelOptions = {}, server: given, none = false, ...deps } = options
  const server = given ?? stack.use(await modelServer(script))
  const kernel = stack.use(await openKernel(place, { builds: [await fixtureBuild()], ...kernelOptions }))
  const models = stack.use(modelsOver(kernel.deps.store, KEYS))
  if (!none) await models.add({ id: 'here', kind: 'ollama', url: server.url })
  const described = (): ToolDescription[] => [...kernel.deps.plugins.tools(), ...tools.map(({ description }) => description)]
  const loop = createAgentLoop({
    book: { find: async (id) => agents.find((agent) => agent.id === id) ?? null },
    tools: described,
    clock: kernel.deps.clock,
    ...deps,
  })
  const runs = stack.use(
    createRuns({ ...kernel.deps, agents: loop, tools: [createGenerateTool({ models: models.models, labels: kernel.labels }), ...tools] }),
  )
  const settled = async (run: Run): Promise<Run> => runs.settled(run.id)
  const waiting = async (run: Run): Promise<ApprovalDetail> => {
    const rows = await kernel.deps.gate.approvals.list({ state: 'waiting', run: run.id, limit: 50 })
    const [first] = rows.items
    if (!first) throw new Error(`nothing waits: ${run.state} ${run.error?.message ?? ''}`)
    return kernel.deps.gate.approvals.get(first.id)
  }
  return {
    runs,
    kernel,
    server,
    models,
    settled,
    waiting,
    async talk(say, more = {}, options = {}) {
      const request: StartRun = {
        plan: talkPlan(agents[0]?.id),
        inputs: { say, folder: kernel.folder },
        mode: 'draft',
        priority: 0,
        allow: [],
        ...more,
      }
      return settled(await runs.start(request, ada, options))
    },
    async answer(run, answer = {}) {
      const { id, hash } = await waiting(run)
      await runs.answer(id, { answer: 'approve', hash, except: [], exceptGlobs: [], final: false, remember: 'no', ...answer }, ada)
      return settled(run)
    },
    async output(run) {
      const outputs = await runs.outputs(run.id)
      return outputs?.['answer'] as TurnOutput // as talkPlan says
    },
    async lines(run) {
      const { items } = await runs.journal(run.id, 0, 10_000)
      return items.map(({ event }) => `${event.type}${'path' in event ? ` ${event.path}` : ''}`)
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

export function modelServer(script: Script): Promise<WireServer> {
  return ollamaServer({ models: [{ name: 'small', capabilities: ['completion', 'tools', 'vision'], context: 32_768 }], answer: script })
}

/** A document whose passages can be cited. */
export function papersTool(passages: readonly string[], labels: InnerTool['labels'] = async () => []): InnerTool {
  const description: ToolDescription = {
    id: 'papers.read',
    title: 'Read a paper',
    description: 'Reads a paper as passages.',
    plugin: 'life-os',
    version: '1.0.0',
    input: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
    output: { type: 'object' },
    effect: 'read',
    reversal: 'exact',
    risk: 'low',
    idempotent: true,
    reconciles: false,
    compensates: false,
    needs: {},
    lane: 'io',
    examples: [],
  }
  return {
    description,
    needs: async () => [],
    labels,
    run: async () => ({
      document: { path: '/papers/a.md', name: 'a.md', hash: 'a'.repeat(64) },
      passages: passages.map((text, index) => ({
        text,
        page: index + 1,
        heading: null,
        start: index * 100,
        end: index * 100 + text.length,
      })),
    }),
  }
}

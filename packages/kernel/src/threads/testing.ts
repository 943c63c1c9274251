import { uuidv7 } from 'uuidv7'
import { Agent, type GenerateAnswer, type ModelMessage } from '@life-os/contract'
import { createGenerateTool, GENERATE } from '../models/index.ts'
import { ollamaServer, type Script, type WireServer } from '../models/testing/index.ts'
import { modelsOver } from '../models/testing/over-store.ts'
import { createRuns, SUSPENDED, valueOutcome, type AgentLoop, type Frame, type Runs, type World } from '../runs/index.ts'
import { ada, fixtureBuild, openKernel, silent, type KernelOptions, type TestKernel } from '../runs/testing.ts'
import type { StorePlace } from '../store/testing.ts'
import { createThreads, createTurnTool, type Speaker, type Threads } from './index.ts'

export const assistant: Agent = Agent.parse({
  id: 'assistant',
  name: 'Assistant',
  instructions: 'Answer.',
  tools: ['trial.*'],
})
/** Ada, at the page. */
export const adaSpeaks: Speaker = { person: 'ada', actor: ada }
export const bobSpeaks: Speaker = { person: 'bob', actor: { kind: 'person', id: 'bob', name: 'Bob' } }

export interface TestThreads extends AsyncDisposable {
  threads: Threads
  runs: Runs
  kernel: TestKernel
  models: WireServer
  /** Waits until a run rests. */
  settled(run: string | null): Promise<void>
}

/** Threads over a whole kernel: real runs, and a model that says what the script says over HTTP. */
export async function openThreads(place: StorePlace, script: Script, options: KernelOptions = {}): Promise<TestThreads> {
  const stack = new AsyncDisposableStack()
  const server = stack.use(
    await ollamaServer({ models: [{ name: 'small', capabilities: ['completion', 'tools'], context: 8192 }], answer: script }),
  )
  const kernel = stack.use(await openKernel(place, { builds: [await fixtureBuild()], ...options }))
  const { store } = kernel.deps
  const models = stack.use(modelsOver(store))
  await models.add({ id: 'here', kind: 'ollama', url: server.url })
  const agents = {
    find: async (id: string) => (id === assistant.id ? assistant : id === 'other' ? { ...assistant, id: 'other', name: 'Other' } : null),
  }
  const runs = stack.use(
    createRuns({
      ...kernel.deps,
      agents: smallLoop(agents.find),
      tools: [createGenerateTool({ models: models.models, labels: kernel.labels }), createTurnTool({ store })],
    }),
  )
  const threads = stack.use(
    createThreads({
      store,
      runs,
      events: kernel.deps.events,
      agents,
      models: models.models,
      settings: async () => ({ mode: 'draft' }),
      titleOf: (tool) => kernel.deps.plugins.tool(tool)?.title,
      clock: kernel.deps.clock,
      newId: uuidv7,
      logger: silent,
    }),
  )
  return {
    threads,
    runs,
    kernel,
    models: server,
    async settled(run) {
      if (run !== null) await runs.settled(run)
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** An agent's loop as small as one can be: a model, the tools it asks for, and again. */
function smallLoop(find: AgentLoop['find']): AgentLoop {
  return {
    find,
    async run(_step, input, scope, world, frame) {
      const history = input['history'] as ModelMessage[] // what the turn tool answers
      const messages: ModelMessage[] = [...history, { role: 'user', content: [{ type: 'text', text: String(input['say']) }] }]
      for (let turn = 0; ; turn++) {
        const asked = { messages, tools: [tool('trial.count'), tool('trial.note')], ...(input['model'] ? { model: input['model'] } : {}) }
        const path = `${frame.path}.turn[${turn}]`
        const said = await call(world, 'model', GENERATE, asked, scope, { ...frame, path: `${path}.model` })
        if (said.kind !== 'value') return said
        const answer = said.value as GenerateAnswer // the tool's output
        if (answer.calls.length === 0) return valueOutcome({ text: answer.text }, said.labels)
        messages.push({ role: 'assistant', content: answer.calls.map((one) => ({ type: 'tool-call' as const, ...one })) })
        for (const [index, one] of answer.calls.entries()) {
          const inner = { ...frame, path: `${path}.call[${index}]` }
          if (one.tool === 'ask') {
            const { text } = one.input as { text: string }
            const answered = await world.question(
              `${inner.path}.question`,
              {
                kind: 'question',
                title: text,
                message: text,
                subject: { agent: 'assistant', tool: null, input: null },
                output: { type: 'string' },
              },
              inner,
            )
            if (answered === 'suspended') return SUSPENDED
            messages.push(result(one, answered.output))
            continue
          }
          const done = await call(world, 'call', one.tool, one.input, scope, inner)
          if (done.kind === 'suspended') return done
          messages.push(result(one, done.kind === 'value' ? done.value : done))
        }
      }
    },
  }
}

const result = (one: { id: string; tool: string }, output: unknown): ModelMessage => ({
  role: 'tool',
  content: [{ type: 'tool-result', id: one.id, tool: one.tool, output }],
})
const tool = (id: string) => ({ id, description: id, input: { type: 'object' } })

async function call(world: World, id: string, name: string, value: unknown, scope: Parameters<World['callTool']>[2], frame: Frame) {
  const known = await world.finished(frame.path)
  return known ?? world.callTool({ id, tool: name }, { known: true, value, labels: frame.labels }, scope, frame)
}

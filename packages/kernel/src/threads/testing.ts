import { uuidv7 } from 'uuidv7'
import { Agent, type ThreadMessage } from '@life-os/contract'
import { createAgentLoop, type AgentLoopDeps } from '../agents/index.ts'
import { createGenerateTool } from '../models/index.ts'
import { modelsOver, ollamaServer, type Script, type WireServer } from '../models/testing/index.ts'
import { createRuns, type Runs } from '../runs/index.ts'
import { ada, fixtureBuild, openKernel, silent, type KernelOptions, type TestKernel } from '../runs/testing.ts'
import type { StorePlace } from '../store/testing.ts'
import { createThreads, createThreadTools, type Speaker, type Threads } from './index.ts'

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
export async function openThreads(
  place: StorePlace,
  script: Script,
  options: KernelOptions & { loop?: Partial<AgentLoopDeps> } = {},
): Promise<TestThreads> {
  const { loop, ...kernelOptions } = options
  const stack = new AsyncDisposableStack()
  const server = stack.use(
    await ollamaServer({ models: [{ name: 'small', capabilities: ['completion', 'tools'], context: 8192 }], answer: script }),
  )
  const kernel = stack.use(await openKernel(place, { builds: [await fixtureBuild()], ...kernelOptions }))
  const { store } = kernel.deps
  const models = stack.use(modelsOver(store))
  await models.add({ id: 'here', kind: 'ollama', url: server.url })
  const agents = {
    find: async (id: string) => (id === assistant.id ? assistant : id === 'other' ? { ...assistant, id: 'other', name: 'Other' } : null),
  }
  const runs = stack.use(
    createRuns({
      ...kernel.deps,
      agents: createAgentLoop({ book: agents, tools: () => kernel.deps.plugins.tools(), clock: kernel.deps.clock, ...loop }),
      tools: [createGenerateTool({ models: models.models, labels: kernel.labels }), ...createThreadTools({ store })],
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

/** Says something and waits for the answer. */
export async function say(it: TestThreads, thread: string, text: string): Promise<{ message: ThreadMessage; answer: ThreadMessage }> {
  const sent = await it.threads.send(thread, { text }, adaSpeaks)
  await it.settled(sent.answer.run)
  return { message: sent.message, answer: await it.threads.message(thread, sent.answer.id, 'ada') }
}

import { randomUUID } from 'node:crypto'
import { LifeOsError } from '@life-os/contract'
import type { ToolDescription } from '@life-os/contract'
import type { TestHost, TestHostOptions } from '../test-host.ts'
import { createExampleWorld } from '../world/world.ts'
import type { ExampleWorld } from '../world/world.ts'
import { contentOf, differences } from './content.ts'
import type { Content } from './content.ts'
import type { OpenPlugin, PluginCall, Subject } from './types.ts'

export type Example = ToolDescription['examples'][number]

/** One example in a fresh world. */
export interface Play {
  readonly title: string
  readonly tool: ToolDescription
  readonly example: Example
  readonly world: ExampleWorld
  /** The example's input, as it is in this world. */
  readonly input: unknown
  host(phase: TestHostOptions['phase'], allow?: TestHostOptions['allow']): Promise<TestHost>
  /** What came of a call: an output, or the error it failed with. */
  call(services: PluginCall['services'], more?: Partial<PluginCall>): Promise<Outcome>
  /** What in the home is other than when the play began. */
  touched(): string[]
}
export interface Outcome {
  output?: unknown
  failure?: LifeOsError
}

/** Plays every example of a tool with `act`; each in a world of its own. */
export async function playExamples(subject: Subject, id: string, act: (play: Play) => Promise<string[]>): Promise<string[]> {
  const plugin = await subject.plugin()
  const tool = plugin.tools.find((candidate) => candidate.id === id)
  if (!tool) return [`the code does not define ${id}: add it, or take it out of manifest.json`]
  const faults: string[] = []
  for (const example of tool.examples) {
    await using world = await createExampleWorld(subject.folder)
    const play = playOf(subject, plugin, { tool, example, world })
    const found = await act(play).catch((thrown: unknown) => [`it cannot be played: ${messageOf(thrown)}`])
    faults.push(...found.map((fault) => `“${play.title}”: ${fault}`))
  }
  return faults
}

function playOf(subject: Subject, plugin: OpenPlugin, { tool, example, world }: Pick<Play, 'tool' | 'example' | 'world'>): Play {
  const { manifest, options } = subject
  const input = world.enter(example.input)
  const before: Content = contentOf(world.home)
  return {
    title: example.title ?? tool.id,
    tool,
    example,
    world,
    input,
    host: (phase, allow = 'declared') => options.createTestHost({ manifest, tool, input, phase, world, allow }),
    async call(services, more) {
      try {
        const call = { tool: tool.id, method: 'run' as const, value: input, phase: 'run' as const, key: randomUUID(), services, ...more }
        return { output: await plugin.call(call) }
      } catch (thrown) {
        if (!(thrown instanceof LifeOsError)) throw thrown
        return { failure: thrown }
      }
    },
    touched: () => differences(before, contentOf(world.home)),
  }
}

export const messageOf = (thrown: unknown): string =>
  thrown instanceof LifeOsError ? `${thrown.code}: ${thrown.message}` : thrown instanceof Error ? thrown.message : String(thrown)

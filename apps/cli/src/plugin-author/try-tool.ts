import { randomUUID } from 'node:crypto'
import { LifeOsError } from '@life-os/contract'
import type { Change, Need, ToolDescription } from '@life-os/contract'
import { needsOf } from '@life-os/kernel/gate'
import { serveCall } from '@life-os/kernel/trial'
import type { ExampleWorld, OpenPlugin, TestHost } from '@life-os/plugin-sdk/testing/checks'
import { printable } from '../output/colour.ts'
import { EXIT } from '../output/exit.ts'
import type { Exit } from '../output/exit.ts'
import type { Session } from '../session.ts'

export interface TryOptions {
  plugin: OpenPlugin
  tool: ToolDescription
  /** As typed: `/home/ada` and the addresses of fixtures stand for the examples' world, every other path for itself. */
  input: Record<string, unknown>
  world: ExampleWorld
  yes: boolean
  /** Its manifest lets it run commands. */
  commands: boolean
}

/** Shows what a tool would do and, after a yes, does it: through the real host, with what this input names allowed. */
export async function tryTool(session: Session, options: TryOptions): Promise<Exit> {
  const { io } = session
  const { tool, world } = options
  const input = world.enter(options.input)
  if (tool.effect !== 'read') {
    await using host = await hostFor(session, options, input, 'preview')
    await callTool(options, input, host, 'preview').catch((thrown: unknown) => {
      if (!(thrown instanceof LifeOsError) || thrown.code !== 'recording-ended') throw thrown
    })
    showChanges(session, world.leave(host.changes()))
    if (!(await agreed(session, options.yes, 'Do it? y/N: '))) {
      io.out('Not done. Give --yes to do it without being asked.')
      return EXIT.waiting
    }
  }
  await using host = await hostFor(session, options, input, 'run')
  const output = world.leave(await callTool(options, input, host, 'run'))
  io.out(io.json ? JSON.stringify(output) : printable(JSON.stringify(output)))
  if (tool.effect === 'write' && io.canAsk && (await agreed(session, false, 'Undo it? y/N: ')))
    for (const line of await host.undo()) io.out(printable(line))
  return EXIT.done
}

function callTool({ plugin, tool }: TryOptions, input: unknown, services: TestHost, phase: 'preview' | 'run'): Promise<unknown> {
  return plugin.call({ tool: tool.id, method: 'run', value: input, phase, key: randomUUID(), services })
}

/** What a person types is a grant for this call; what the tool asks for beyond that is asked. */
function hostFor(
  session: Session,
  { tool, world, yes, commands }: TryOptions,
  input: unknown,
  phase: 'preview' | 'run',
): Promise<TestHost> {
  const request = async (needs: readonly Need[]) => {
    const words = needs.map(({ kind, resource }) => `${kind}:${resource}`).join(', ')
    if (await agreed(session, yes, `It asks for ${printable(words)}. Allow it for this call? y/N: `)) return needs
    throw new LifeOsError('permission-refused', `${words} was not allowed.`, { applied: 'no' })
  }
  const { settings, secrets } = world
  return serveCall({ tool, phase, allowed: needsOf(tool, input, () => settings), request, settings, secrets, within: '', commands })
}

async function agreed({ io }: Session, yes: boolean, question: string): Promise<boolean> {
  return yes || (io.canAsk && /^y(es)?$/i.test((await io.ask(question)).trim()))
}

function showChanges({ io, paint }: Session, changes: readonly Change[]): void {
  if (io.json) return
  io.out(changes.length === 0 ? 'It would change nothing.' : 'It would:')
  for (const change of changes) {
    io.out(`  ${printable(change.summary)}${change.reversal === 'none' ? paint('red', ' (final)') : ''}`)
    const diff = change.kind === 'file-write' ? (change.diff ?? '') : ''
    for (const line of diff.split('\n').filter((text) => /^[+-](?![+-])/.test(text)))
      io.out(`    ${paint(line.startsWith('+') ? 'green' : 'red', printable(line))}`)
  }
}

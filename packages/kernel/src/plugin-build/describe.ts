import path from 'node:path'
import { z } from 'zod'
import { LifeOsError, ToolDescription } from '@life-os/contract'
import { createChannel, readError } from '@life-os/plugin-sdk/wire'
import type { SpawnPlugin } from '../sandbox/index.ts'

export interface DescribeOptions {
  /** The build that holds `sdk/`. */
  out: string
  /** The bundled plugin. */
  folder: string
  plugin: { id: string; version: string }
  spawn: SpawnPlugin
  /** Milliseconds; default 20 s. */
  patience?: number
  memory?: number
}

const PRINTED = 4000
const Tools = z.array(ToolDescription).max(1000)

/**
 * Starts a built plugin in its box as the server would and asks it for its tools; so a plugin that builds also starts.
 * What it answers is a stranger's word: held to the shape of a description. Errors: `plugin-invalid` with what it printed.
 */
export async function describePlugin({
  out,
  folder,
  plugin,
  spawn,
  patience = 20_000,
  memory = 256,
}: DescribeOptions): Promise<ToolDescription[]> {
  const child = spawn({ runtime: path.join(out, 'sdk', 'runtime.js'), folder, entry: 'index.js', memory })
  let printed = ''
  const listen = (chunk: Buffer) => void (printed.length < PRINTED && (printed += chunk.toString().slice(0, PRINTED)))
  child.stdout.on('data', listen).on('error', () => undefined)
  child.stderr.on('data', listen).on('error', () => undefined)
  const answer = Promise.withResolvers<unknown>()
  const timer = setTimeout(() => answer.reject(new Error(`it did not answer within ${patience / 1000} s`)), patience)
  const channel = createChannel({
    pipe: child.pipe,
    onMessage(head, value) {
      if (head.t === 'ready') channel.send({ t: 'describe', id: 1 }, { plugin: plugin.id, version: plugin.version })
      if (head.t === 'result') answer.resolve(value)
      if (head.t === 'failed' || head.t === 'error') answer.reject(new Error(readError(value).message))
    },
    onEnd: (fault) => answer.reject(fault ?? new Error('it ended before it was ready')),
  })
  void child.exited.then(({ error }) => error && answer.reject(error))
  try {
    const tools = Tools.parse(await answer.promise)
    const foreign = tools.find((tool) => tool.plugin !== plugin.id || tool.version !== plugin.version)
    if (foreign) throw new Error(`it says that ${foreign.id} belongs to ${foreign.plugin} ${foreign.version}`)
    return tools
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    throw new LifeOsError('plugin-invalid', `The plugin ${plugin.id} does not start: ${reason}\n${printed}`.trimEnd(), { cause: thrown })
  } finally {
    clearTimeout(timer)
    child.kill()
    await child.exited
    channel.end()
  }
}

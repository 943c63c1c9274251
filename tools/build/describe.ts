import { z } from 'zod'
import { LifeOsError, ToolDescription } from '@life-os/contract'
import { spawnPlugin } from '@life-os/kernel/sandbox'
import { createChannel, readError } from '@life-os/plugin-sdk/wire'
import path from 'node:path'

const PATIENCE = 20_000

/** Starts a built plugin as the server would and asks it for its tools; so a plugin that builds also starts. */
export async function describePlugin(out: string, folder: string, plugin: { id: string; version: string }): Promise<ToolDescription[]> {
  const child = spawnPlugin({ runtime: path.join(out, 'sdk', 'runtime.js'), folder, entry: 'index.js', memory: 256 })
  const printed: string[] = []
  child.stdout.on('data', (chunk: Buffer) => printed.push(chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => printed.push(chunk.toString()))
  const timer = setTimeout(() => child.kill(), PATIENCE)
  try {
    return await new Promise((resolve, reject) => {
      const channel = createChannel({
        pipe: child.pipe,
        onMessage(head, value) {
          if (head.t === 'ready') channel.send({ t: 'describe', id: 1 }, { plugin: plugin.id, version: plugin.version })
          if (head.t === 'result') resolve(z.array(ToolDescription).parse(value))
          if (head.t === 'failed' || head.t === 'error') reject(new Error(readError(value).message))
        },
        onEnd: (fault) => reject(fault ?? new Error('it ended before it was ready')),
      })
    })
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    throw new LifeOsError('plugin-invalid', `The plugin ${plugin.id} does not start: ${reason}\n${printed.join('').slice(0, 4000)}`, {
      cause: thrown,
    })
  } finally {
    clearTimeout(timer)
    child.kill()
    await child.exited
  }
}

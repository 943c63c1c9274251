/**
 * The child side of a plugin's process: `node --permission … runtime.js <bundle>`. Speaks frames over file descriptor 3,
 * loads the one bundle that it is given, and ends when the pipe does.
 */
import { Socket } from 'node:net'
import { pathToFileURL } from 'node:url'
import { LifeOsError, errorShape } from '@life-os/contract'
import type { PluginV1 } from '../define.ts'
import { createChannel } from '../wire/index.ts'
import type { ToPlugin } from '../wire/index.ts'
import { createCalls } from './calls.ts'
import type { Calls } from './calls.ts'
import { sendConsole } from './console.ts'
import { takeAmbientPower } from './guard.ts'

const exit = process.exit.bind(process)
const bundle = process.argv[2]
let plugin: PluginV1 | undefined
let calls: Calls | undefined

const channel = createChannel({
  pipe: new Socket({ fd: 3, readable: true, writable: true }),
  onMessage(head, value) {
    const message = head as ToPlugin // only the host writes to this pipe
    if (message.t === 'stop') void stop()
    else calls?.handle(message, value)
  },
  onEnd: () => exit(0),
})

async function stop(): Promise<void> {
  try {
    await plugin?.stop?.()
  } finally {
    exit(0)
  }
}

async function load(): Promise<PluginV1> {
  if (bundle === undefined) throw new LifeOsError('plugin-invalid', 'No bundle was named.')
  takeAmbientPower()
  const module = (await import(pathToFileURL(bundle).href)) as { default?: unknown } // checked below
  const loaded = module.default as PluginV1 | undefined // checked in the next line
  if (loaded?.sdk !== 1 || !Array.isArray(loaded.tools))
    throw new LifeOsError('plugin-invalid', 'The bundle must export definePlugin({ tools }) as its default.')
  await loaded.start?.()
  return loaded
}

sendConsole(channel)
process.once('exit', () => channel.flush()) // last words
try {
  plugin = await load()
  calls = createCalls(plugin, channel)
  channel.send({ t: 'ready' })
} catch (thrown) {
  channel.send({ t: 'failed' }, errorShape(thrown))
}

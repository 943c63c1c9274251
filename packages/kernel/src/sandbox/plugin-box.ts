import { realpathSync } from 'node:fs'
import path from 'node:path'
import { INNER, launch } from './box/launch.ts'
import type { Maker } from './box/types.ts'
import type { BoxPlan } from './box/plan.ts'
import type { Identities } from './identity.ts'
import type { SharedCopies } from './shared-copies.ts'
import { nodeFlags } from './spawn-plugin.ts'
import type { PluginProcess, SpawnPlugin, SpawnPluginOptions } from './types.ts'

const MIB = 1024 ** 2
/** Of a process beside its JavaScript heap: Node itself, buffers and typed arrays. Bytes. */
const BESIDE_HEAP = 192 * MIB
/** Address space that V8 reserves for itself (measured: Node 24 does not start with less than 600 MB). */
const HEADROOM = 768 * MIB
const SCRATCH = 16 * MIB
const PIDS = 64
/** Milliseconds: a pipe closes when the plugin ends, and bubblewrap tells only then how it ended. */
const LAST_WORD = 100
/** As in a build: the bundle imports `../../sdk/index.js`. */
const SDK = '/life-os/sdk'
const PLUGINS = '/life-os/plugins'

/** Starts plugins in boxes. Errors that are known at once come as `exited`, as those of a process do. */
export function boxedPlugins(maker: Maker, identities: Identities, copies: SharedCopies): SpawnPlugin {
  return (options) => {
    const identity = identities.take()
    const box = launch(maker, { plan: planOf(options, copies), identity, pipe: true, stdin: false })
    void box.ended.then(() => identity?.[Symbol.dispose]())
    const pipe = box.pipe! // asked for above
    let ending = false
    for (const event of ['end', 'error']) pipe.once(event, () => (ending = true))
    const process: PluginProcess = {
      pid: box.pid,
      pipe,
      stdout: box.stdout,
      stderr: box.stderr,
      exited: box.ended,
      kill: () => (ending ? void setTimeout(() => box.kill(), LAST_WORD) : box.kill()),
    }
    return process
  }
}

function planOf({ runtime, folder, entry, memory, pids = PIDS, cpu = 1 }: SpawnPluginOptions, copies: SharedCopies): BoxPlan {
  const program = realpathSync(runtime)
  const own = realpathSync(folder)
  const inside = path.join(PLUGINS, path.basename(own))
  return {
    system: 'libraries',
    mounts: [
      { from: copies.of(path.dirname(program)), to: SDK, access: 'read' },
      { from: copies.of(own), to: inside, access: 'read' },
    ],
    files: [],
    scratch: [{ to: '/tmp', size: SCRATCH }],
    cwd: inside,
    env: {},
    program: [
      INNER.node,
      ...nodeFlags({ sdk: SDK, folder: inside, memory }),
      path.join(SDK, path.basename(program)),
      path.join(inside, entry),
    ],
    proxy: null,
    limits: { memory: memory * MIB + BESIDE_HEAP, data: memory * MIB + HEADROOM, pids, cpu, cpuTime: null, fileSize: null },
  }
}

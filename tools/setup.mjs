// Set-up, in plain JavaScript for Node 18: the runtime, the libraries, the build. Does nothing, and writes nothing, when all is ready.
import { withLock } from './setup/lock.mjs'
import { build, buildIsReady } from './setup/build.mjs'
import { installModules, modulesAreReady } from './setup/modules.mjs'
import { installRuntime, readyRuntime } from './setup/runtime.mjs'

/**
 * Makes the checkout ready and returns the path of the Node to go on with.
 * @param {{ build?: boolean }} [options] build: false leaves the built parts as they are
 * @returns {Promise<string>}
 */
export async function setUp({ build: wantsBuild = true } = {}) {
  const ready = readyRuntime()
  if (ready !== undefined && modulesAreReady() && (!wantsBuild || buildIsReady())) return ready
  return withLock(async () => {
    // Everything is asked again under the lock: another set-up may have just done it.
    const node = readyRuntime() ?? (await installRuntime())
    if (!modulesAreReady()) await installModules(node)
    if (wantsBuild && !buildIsReady()) build(node)
    return node
  })
}

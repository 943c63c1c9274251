import type { CreateTestHost } from '@life-os/plugin-sdk/testing/checks'
import { runsCommands, serveCall } from './call-host.ts'
import { shareTrial } from './shared.ts'
import { answerTo, allowedIn } from './world.ts'

/** The hosts of one set of checks, which follow each other: a browser is started once for all of them. */
export interface TestHosts extends AsyncDisposable {
  /** The real host for one call of one example, within the example's world. */
  create: CreateTestHost
}

export function openTestHosts(): TestHosts {
  const trial = shareTrial()
  return {
    async create(options) {
      const { tool, phase, world, manifest } = options
      const commands = runsCommands(manifest)
      return serveCall({
        tool,
        phase,
        allowed: allowedIn(options),
        request: async (wanted) => answerTo(wanted, options),
        settings: world.settings,
        secrets: world.secrets,
        models: world.models,
        within: world.home,
        commands,
        ...(commands && { shared: await trial.meansFor(world.settings) }),
      })
    },
    [Symbol.asyncDispose]: () => trial[Symbol.asyncDispose](),
  }
}

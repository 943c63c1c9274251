import type { CreateTestHost } from '@life-os/plugin-sdk/testing/checks'
import { runsCommands, serveCall } from './call-host.ts'
import { answerTo, allowedIn } from './world.ts'

/** The real host for one call of one example, within the example's world. */
export const createTestHost: CreateTestHost = (options) => {
  const { tool, phase, world, manifest } = options
  return serveCall({
    tool,
    phase,
    allowed: allowedIn(options),
    request: async (wanted) => answerTo(wanted, options),
    settings: world.settings,
    secrets: world.secrets,
    models: world.models,
    within: world.home,
    commands: runsCommands(manifest),
  })
}

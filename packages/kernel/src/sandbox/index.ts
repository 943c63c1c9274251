export { createSandbox } from './create.ts'
export type { SandboxOptions } from './create.ts'
export { spawnPlugin } from './spawn-plugin.ts'
export type {
  ExecLimits,
  ExecOutcome,
  ExecRequest,
  PluginProcess,
  Sandbox,
  ServedProcess,
  ServeRequest,
  SpawnPlugin,
  SpawnPluginOptions,
} from './types.ts'

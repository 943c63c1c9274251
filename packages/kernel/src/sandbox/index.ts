export { spawnPlugin } from './spawn-plugin.ts'
export type { PluginProcess, SpawnPlugin, SpawnPluginOptions } from './spawn-plugin.ts'

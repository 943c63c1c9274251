/** Model servers that speak the documented formats over HTTP, for tests of every tier. */
export { anthropicServer, googleServer, ollamaServer, openaiServer } from '@life-os/kernel/models/testing'
export type { Script, WireOptions, WireServer } from '@life-os/kernel/models/testing'

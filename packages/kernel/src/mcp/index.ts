export { createMcp } from './create.ts'
export type { McpDeps } from './create.ts'
export type { Mcp } from './types.ts'
export { withMcp } from './with-mcp.ts'

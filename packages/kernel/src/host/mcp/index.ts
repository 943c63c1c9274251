export { createMcpServices } from './services.ts'
export type { McpAsk, McpDoor, McpMount } from './types.ts'

export { createMcpServer } from './factory.ts'
export { serveMcpOverStdio } from './stdio.ts'
export type { McpCaller } from './types.ts'

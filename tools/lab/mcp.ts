/** Published MCP servers, installed as a person would, for tests of every tier. */
export { installed } from '../../packages/kernel/src/mcp/testing.ts'

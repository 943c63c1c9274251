import { LifeOsError } from '@life-os/contract'
import { oneLine } from './words.ts'

export const serverUnknown = (id: string) =>
  new LifeOsError('mcp-server-unknown', `There is no MCP server “${id}”. See “lifeos mcp servers”.`, { applied: 'no' })

export const configInvalid = (why: string) => new LifeOsError('mcp-config-invalid', why, { class: 'user', applied: 'no' })

export const unreachable = (id: string, why: string, applied: 'no' | 'unknown' = 'no') =>
  new LifeOsError('mcp-unreachable', `The MCP server ${id} cannot be reached: ${oneLine(why, 1000)}`, { class: 'operational', applied })

export const notAccepted = (id: string, why: string) =>
  new LifeOsError('mcp-changed', `The tools of the MCP server ${id} are off: ${oneLine(why, 1000)} Look at them and accept them first.`, {
    class: 'operational',
    applied: 'no',
  })

export const disabled = (id: string, why: string) =>
  new LifeOsError('plugin-disabled', `The MCP server ${id} is off: ${why}`, { class: 'operational', applied: 'no' })

/** What the server itself said went wrong. Its words are its own. */
export const toolFailed = (tool: string, said: string, applied: 'no' | 'unknown') =>
  new LifeOsError('mcp-tool-failed', `${tool} failed, and its server says: ${said.slice(0, 4000)}`, { class: 'operational', applied })

export const timedOut = (id: string, applied: 'no' | 'unknown') =>
  new LifeOsError('call-timeout', `The MCP server ${id} did not answer in time. Give it more time, or try again later.`, {
    class: 'operational',
    applied,
  })

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

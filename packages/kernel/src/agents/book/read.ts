import { Agent, LifeOsError } from '@life-os/contract'
import { parseDocument, stringify } from 'yaml'
import { z } from 'zod'
import { checkPermission } from '../../gate/index.ts'

/** What is wrong with an agent, and where. */
export interface AgentFault {
  path: string
  message: string
}
export type ReadAgent = { ok: true; agent: Agent } | { ok: false; faults: AgentFault[] }

/** Bytes of one agent's text. */
const LARGEST = 1024 * 1024
const TOOL = /^[a-z][a-z0-9-]*\.(?:[a-z][a-z0-9-]*|\*)$/

/** An agent from YAML or JSON text, or every fault. Aliases are not followed. */
export function readAgent(text: string): ReadAgent {
  if (Buffer.byteLength(text) > LARGEST) return refused('The text is larger than 1 MiB.')
  try {
    const document = parseDocument(text, { version: '1.2', schema: 'core', stringKeys: true, prettyErrors: false, logLevel: 'silent' })
    const [error] = document.errors
    if (error) return refused(`The text cannot be read as YAML: ${error.message.split('\n')[0] ?? ''}.`)
    return checkAgent(document.toJS({ maxAliasCount: 0 }))
  } catch (error) {
    return refused(`The text cannot be read as YAML: ${error instanceof Error ? error.message : String(error)}.`)
  }
}

/** An agent as text that a person can change; `readAgent` gives the same agent back. */
export const printAgent = (agent: Agent): string => stringify(agent, { lineWidth: 0 })

/** Whether data is an agent that could work. Tools and agents that are not there are no fault: their plugin may come. */
export function checkAgent(data: unknown): ReadAgent {
  const read = Agent.safeParse(data)
  if (!read.success)
    return { ok: false, faults: read.error.issues.slice(0, 50).map(({ path, message }) => ({ path: path.join('.'), message })) }
  const faults = faultsOf(read.data)
  return faults.length === 0 ? { ok: true, agent: read.data } : { ok: false, faults }
}

/** Error `agent-invalid` with all faults in its details. */
export function agentInvalid(faults: readonly AgentFault[]): LifeOsError {
  const [first] = faults
  const place = first?.path ? `“${first.path}”: ` : ''
  const more = faults.length > 1 ? ` And ${faults.length - 1} more.` : ''
  return new LifeOsError('agent-invalid', `${place}${first?.message ?? 'The agent cannot be read.'}${more}`, {
    details: { faults: [...faults] },
  })
}

const refused = (message: string): ReadAgent => ({ ok: false, faults: [{ path: '', message }] })

function faultsOf(agent: Agent): AgentFault[] {
  return [
    ...agent.tools.flatMap((tool, index) =>
      TOOL.test(tool)
        ? []
        : [{ path: `tools.${index}`, message: `${JSON.stringify(tool)} is no tool: write plugin.tool, or plugin.* for all.` }],
    ),
    ...agent.agents.flatMap((other, index) =>
      other === agent.id ? [{ path: `agents.${index}`, message: 'An agent cannot give work to itself.' }] : [],
    ),
    ...(agent.permissions ?? []).flatMap((permission, index) => permissionFault(permission, `permissions.${index}`)),
    ...(agent.output === undefined ? [] : outputFault(agent.output)),
  ]
}

function permissionFault(permission: string, path: string): AgentFault[] {
  try {
    checkPermission(permission)
    return []
  } catch (error) {
    return [{ path, message: error instanceof Error ? error.message : String(error) }]
  }
}

function outputFault(schema: Record<string, unknown>): AgentFault[] {
  if (schema['type'] !== 'object') return [{ path: 'output', message: 'The output is an object: write type: object with its properties.' }]
  try {
    z.fromJSONSchema(schema)
    return []
  } catch (error) {
    return [{ path: 'output', message: `No JSON Schema: ${error instanceof Error ? error.message : String(error)}` }]
  }
}

import type { ToolDescription } from '@life-os/contract'
import type { Tool } from '@modelcontextprotocol/server'
import { nameOf } from './names.ts'
import type { McpCaller } from './types.ts'

/** Tools of Life-OS itself, beside those of its plugins. */
export const OWN = {
  run: 'life-os_run',
  status: 'life-os_status',
  approve: 'life-os_approve',
  undo: 'life-os_undo',
  propose: 'life-os_propose',
} as const

export async function listTools({ client, scopes }: McpCaller): Promise<Tool[]> {
  const tools = await client.tools.list()
  return [...tools.map(toolOf), ...OWN_TOOLS.filter(({ name }) => name !== OWN.approve || scopes.has('approve'))]
}

/** What Life-OS holds its tools to, as a client's hints. */
function toolOf({ id, title, description, input, effect, risk, reversal, idempotent }: ToolDescription): Tool {
  const way = effect === 'read' ? '' : ' Nothing changes before a person has seen and approved what it would do.'
  return {
    name: nameOf(id),
    title,
    description: description + way,
    inputSchema: { ...input, type: 'object' },
    annotations: {
      title,
      readOnlyHint: effect === 'read',
      destructiveHint: effect !== 'read' && (risk === 'high' || reversal === 'none'),
      idempotentHint: idempotent,
      openWorldHint: effect === 'external',
    },
  }
}

const id = { type: 'string', description: 'The id of the run.' } as const
const changes = { readOnlyHint: false, destructiveHint: false, openWorldHint: false }
const object = (properties: NonNullable<Tool['inputSchema']['properties']>, required: string[]): Tool['inputSchema'] => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})

const OWN_TOOLS: Tool[] = [
  {
    name: OWN.run,
    title: 'Run a stored plan',
    description: 'Starts a stored plan (a workflow) by its id. Its changes wait until a person approved them.',
    inputSchema: object(
      { plan: { type: 'string', description: 'The id of the plan.' }, inputs: { type: 'object', description: 'Its inputs by name.' } },
      ['plan'],
    ),
    annotations: changes,
  },
  {
    name: OWN.status,
    title: 'See how a run is',
    description: 'State, result, or what a run waits for.',
    inputSchema: object({ run: id }, ['run']),
    annotations: { readOnlyHint: true },
  },
  {
    name: OWN.undo,
    title: 'Undo a run',
    description: 'Previews taking back what a run did, and does it once a person approved.',
    inputSchema: object({ run: id }, ['run']),
    annotations: changes,
  },
  {
    name: OWN.propose,
    title: 'Make a plan for a goal',
    description: 'Proposes a plan for what somebody wants, in their own words. Nothing happens yet.',
    inputSchema: object({ goal: { type: 'string', description: 'What is wanted.' } }, ['goal']),
    annotations: { readOnlyHint: true },
  },
  {
    name: OWN.approve,
    title: 'Answer what a run asks',
    description: 'Approves or refuses what a run waits for. Only after the person saw these very changes: the hash names them.',
    inputSchema: object(
      { approval: { type: 'string' }, hash: { type: 'string' }, answer: { type: 'string', enum: ['approve', 'refuse'] } },
      ['approval', 'hash', 'answer'],
    ),
    annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: true },
  },
]

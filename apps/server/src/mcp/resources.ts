import { LifeOsError } from '@life-os/contract'
import type { Run } from '@life-os/contract'
import type { ListResourcesResult, ReadResourceResult } from '@modelcontextprotocol/server'
import { failureOf } from './outcome.ts'
import type { McpCaller } from './types.ts'

const JSON_TYPE = 'application/json'
const RECENT = 30

/** Recent runs and stored plans. */
export async function listResources({ client }: McpCaller): Promise<ListResourcesResult> {
  const [runs, plans] = await Promise.all([client.runs.list({ limit: RECENT }), client.plans.list({ limit: 200 })])
  return {
    resources: [
      ...runs.items.map(({ id, plan, state }) => ({ uri: `life-os://runs/${id}`, name: `${plan.name} (${state})`, mimeType: JSON_TYPE })),
      ...plans.items.map(({ plan: { id, name, description } }) => ({
        uri: `life-os://plans/${encodeURIComponent(id)}`,
        name,
        mimeType: JSON_TYPE,
        ...(description !== undefined && { description }),
      })),
    ],
  }
}

/** Error: `resource-unknown`. What is private stays here, as with results of tools. */
export async function readResource(caller: McpCaller, uri: string): Promise<ReadResourceResult> {
  const found = /^life-os:\/\/(runs|plans)\/([^/]+)$/.exec(uri)
  const id = decodeURIComponent(found?.[2] ?? '')
  const value = found?.[1] === 'runs' ? await runOf(caller, id) : found?.[1] === 'plans' ? await caller.client.plans.get({ id }) : undefined
  if (value === undefined) throw new LifeOsError('resource-unknown', `${uri} is none of the resources here.`)
  return { contents: [{ uri, mimeType: JSON_TYPE, text: JSON.stringify(value, null, 1) }] }
}

/** Whether a run is private is known at its end: until then what it works on is withheld too. */
const ENDED = new Set<Run['state']>(['done', 'failed', 'cancelled', 'stopped'])
const WITHHELD = 'What this run works on is private, or the run has not ended, so that nobody can tell yet. Read it in Life-OS.'

async function runOf(caller: McpCaller, id: string) {
  const { client, showsPrivate } = caller
  const run = await client.runs.get({ id })
  const hidden = (run.labels.includes('private') || !ENDED.has(run.state)) && !showsPrivate
  const [steps, outputs] = await Promise.all([client.runs.steps({ id, limit: 200 }), hidden ? null : client.runs.outputs({ id })])
  return {
    run: hidden ? { ...run, inputs: {}, error: failureOf(caller, run) } : run,
    steps: hidden ? steps.items.map((step) => ({ ...step, error: null })) : steps.items,
    outputs: outputs?.outputs ?? null,
    ...(hidden && { withheld: WITHHELD }),
  }
}

import { z } from 'zod'
import { Agent, AgentStatistics, AgentVersion, Preference, StoredAgent } from '../agents/agent.ts'
import { Id } from '../common/values.ts'
import { ToolDescription } from '../tools/tool.ts'
import { Ok, base } from './base.ts'

const AgentParam = z.object({ id: z.string() })

export const agents = {
  list: base.route({ method: 'GET', path: '/agents', summary: 'Agents' }).output(z.array(StoredAgent)),
  get: base
    .route({ method: 'GET', path: '/agents/{id}', summary: 'An agent with the tools and permissions it comes to' })
    .input(AgentParam)
    .output(StoredAgent.extend({ toolList: z.array(ToolDescription), permissions: z.array(z.string()), missing: z.array(z.string()) })),
  save: base
    .route({ method: 'PUT', path: '/agents/{id}', summary: 'Save an agent as a new version' })
    .input(z.object({ id: z.string(), agent: Agent }))
    .output(StoredAgent),
  remove: base
    .route({ method: 'DELETE', path: '/agents/{id}', summary: 'Remove an own agent, or go back to the one that is shipped' })
    .input(AgentParam)
    .output(Ok),
  enable: base
    .route({ method: 'POST', path: '/agents/{id}/enable', summary: 'Switch an agent on or off' })
    .input(AgentParam.extend({ enabled: z.boolean() }))
    .output(StoredAgent),
  versions: base
    .route({ method: 'GET', path: '/agents/{id}/versions', summary: 'Versions, newest first' })
    .input(AgentParam)
    .output(z.array(AgentVersion)),
  rollback: base
    .route({ method: 'POST', path: '/agents/{id}/rollback', summary: 'Make an earlier version the newest' })
    .input(AgentParam.extend({ version: z.string() }))
    .output(StoredAgent),
  statistics: base
    .route({ method: 'GET', path: '/agents/{id}/statistics', summary: 'What it did, what it cost, what people said' })
    .input(AgentParam)
    .output(AgentStatistics),
  preferences: base
    .route({ method: 'GET', path: '/preferences', summary: 'Sentences learned, with where they came from' })
    .input(z.object({ agent: z.string().optional() }))
    .output(z.array(Preference)),
  setPreference: base
    .route({ method: 'PUT', path: '/preferences/{id}', summary: 'Keep, switch off or reword a sentence' })
    .input(z.object({ id: Id, state: Preference.shape.state.optional(), sentence: z.string().min(1).max(500).optional() }))
    .output(Preference),
  addPreference: base
    .route({ method: 'POST', path: '/preferences', summary: 'Write a sentence' })
    .input(z.object({ sentence: z.string().min(1).max(500), agent: z.string().nullable().default(null) }))
    .output(Preference),
  removePreference: base
    .route({ method: 'DELETE', path: '/preferences/{id}', summary: 'Forget a sentence' })
    .input(z.object({ id: Id }))
    .output(Ok),
}

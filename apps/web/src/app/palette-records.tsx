import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { StateBadge } from '../components/badge.tsx'
import { GLYPH } from '../components/glyphs.ts'
import { nameOfRun } from '../components/runs/outcome.ts'
import { api } from '../lib/api.ts'
import { moment, shortId } from '../lib/format.ts'
import { recentRuns } from '../lib/queries.ts'
import { Group, Item } from './palette-item.tsx'

interface Opens {
  onOpen: (act: () => unknown) => void
}

const queries = {
  plans: () => api.plans.list.queryOptions({ input: { limit: 200 } }),
  agents: () => api.agents.list.queryOptions(),
  threads: () => api.threads.list.queryOptions({ input: { limit: 200 } }),
  runs: recentRuns,
  tools: () => api.tools.list.queryOptions(),
}

/** Whether some of what can be found is still on its way. */
export function useRecordsLoading(): boolean {
  const states = [
    useQuery(queries.plans()).isPending,
    useQuery(queries.agents()).isPending,
    useQuery(queries.threads()).isPending,
    useQuery(queries.runs()).isPending,
    useQuery(queries.tools()).isPending,
  ]
  return states.includes(true)
}

/** What is found by its name: plans, agents, conversations, runs, tools. */
export function Records({ onOpen }: Opens) {
  return (
    <>
      <Plans onOpen={onOpen} />
      <Agents onOpen={onOpen} />
      <Conversations onOpen={onOpen} />
      <Runs onOpen={onOpen} />
      <Tools onOpen={onOpen} />
    </>
  )
}

function Plans({ onOpen }: Opens) {
  const navigate = useNavigate()
  const plans = useQuery(queries.plans())
  return (
    <Group name="Workflows">
      {plans.data?.items.map(({ plan }) => (
        <Item
          key={plan.id}
          value={`${plan.name} ${plan.id} ${plan.description ?? ''} workflow plan`}
          icon={GLYPH.plan}
          onSelect={() => onOpen(() => navigate({ to: '/workflows/$plan', params: { plan: plan.id } }))}
          tail={<span className="mono text-12 text-ink-faint">{plan.id}</span>}
        >
          {plan.name}
        </Item>
      ))}
    </Group>
  )
}

function Agents({ onOpen }: Opens) {
  const navigate = useNavigate()
  const agents = useQuery(queries.agents())
  return (
    <Group name="Agents">
      {agents.data?.map(({ agent, enabled }) => (
        <Item
          key={agent.id}
          value={`${agent.name} agent ${agent.id}`}
          icon={GLYPH.agent}
          onSelect={() => onOpen(() => navigate({ to: '/agents', search: { agent: agent.id } }))}
          tail={<span className="mono text-12 text-ink-faint">{enabled ? agent.id : 'off'}</span>}
        >
          {agent.name}
        </Item>
      ))}
    </Group>
  )
}

function Conversations({ onOpen }: Opens) {
  const navigate = useNavigate()
  const threads = useQuery(queries.threads())
  return (
    <Group name="Conversations">
      {threads.data?.items.map((thread) => (
        <Item
          key={thread.id}
          value={`${thread.title || 'New conversation'} conversation ${thread.id}`}
          icon={GLYPH.chat}
          onSelect={() => onOpen(() => navigate({ to: '/chat/$thread', params: { thread: thread.id } }))}
          tail={<span className="text-12 text-ink-faint">{moment(thread.updatedAt)}</span>}
        >
          {thread.title || 'New conversation'}
        </Item>
      ))}
    </Group>
  )
}

function Runs({ onOpen }: Opens) {
  const navigate = useNavigate()
  const runs = useQuery(queries.runs())
  return (
    <Group name="Recent runs">
      {runs.data?.items.slice(0, 20).map((run) => (
        <Item
          key={run.id}
          value={`${run.plan.name} run ${run.id}`}
          icon={run.kind === 'undo' ? GLYPH.undo : GLYPH.run}
          onSelect={() => onOpen(() => navigate({ to: '/runs/$run', params: { run: run.id } }))}
          tail={
            <>
              <span className="text-12 text-ink-faint">{moment(run.createdAt)}</span>
              <StateBadge state={run.state} />
            </>
          }
        >
          {nameOfRun(run)} <span className="mono text-12 text-ink-faint">{shortId(run.id)}</span>
        </Item>
      ))}
    </Group>
  )
}

function Tools({ onOpen }: Opens) {
  const navigate = useNavigate()
  const tools = useQuery(queries.tools())
  return (
    <Group name="Tools">
      {tools.data?.map((tool) => (
        <Item
          key={tool.id}
          value={`${tool.title} ${tool.id} tool`}
          icon={GLYPH.tool}
          onSelect={() => onOpen(() => navigate({ to: '/plugins', search: { plugin: tool.plugin, tool: tool.id } }))}
          tail={<span className="mono text-12 text-ink-faint">{tool.id}</span>}
        >
          {tool.title}
        </Item>
      ))}
    </Group>
  )
}

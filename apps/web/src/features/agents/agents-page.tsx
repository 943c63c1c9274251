import type { StoredAgent } from '@life-os/contract'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Icon } from '../../components/icon.tsx'
import { Empty, Failure, SkeletonRows } from '../../components/states.tsx'
import { api, requestError } from '../../lib/api.ts'
import { useCrumbs } from '../../lib/crumbs.ts'
import { count } from '../../lib/format.ts'
import { PHONE, useMedia } from '../../lib/media.ts'
import { AgentDetail } from './agent-detail.tsx'
import { LearnedPage } from './learned.tsx'
import { NewAgent } from './new-agent.tsx'

const LEARNED = '~learned'

/** Who can act: agents at the left with what was learned about you, the one that is open at the right. */
export function AgentsPage() {
  const phone = useMedia(PHONE)
  const search = useSearch({ from: '/agents' })
  const navigate = useNavigate()
  const [making, setMaking] = useState(false)
  const agents = useQuery(api.agents.list.queryOptions())
  const items = agents.data ?? []
  const learned = search.agent === LEARNED
  const current = items.find(({ agent }) => agent.id === search.agent) ?? (phone || learned ? undefined : items[0])
  useCrumbs(
    { label: 'Agents', to: '/agents' },
    ...(phone && learned ? [{ label: 'What was learned about you' }] : phone && current ? [{ label: current.agent.name }] : []),
  )
  if (agents.isPending) return <SkeletonRows label="Loading agents" />
  if (agents.error) return <Failure error={requestError(agents.error)} onRetry={() => void agents.refetch()} />
  const open = (id: string): void => void navigate({ to: '/agents', search: { agent: id }, replace: !phone })
  return (
    <div className="flex h-full">
      {phone && (current || learned) ? null : (
        <nav aria-label="Agents" className="flex w-72 shrink-0 flex-col overflow-auto border-r border-line phone:w-full phone:border-r-0">
          <div className="sticky top-0 z-10 flex h-11 shrink-0 items-center gap-2 border-b border-line bg-canvas pl-4 pr-2 phone:h-14">
            <h1 className="flex-1 font-semibold">{count(items.length, 'agent')}</h1>
            <Button icon={Plus} onClick={() => setMaking(true)} aria-label="New agent">
              New
            </Button>
          </div>
          {items.map((item) => (
            <AgentLine key={item.agent.id} item={item} current={item === current} onOpen={open} />
          ))}
          <button
            type="button"
            aria-current={learned ? 'true' : undefined}
            onClick={() => open(LEARNED)}
            className="flex items-center gap-2 border-b border-line px-4 py-3 text-left hover:bg-hover aria-[current=true]:bg-pressed"
          >
            <Icon of={GLYPH.learned} size={14} className="text-ink-faint" />
            <span className="font-medium">What was learned about you</span>
          </button>
        </nav>
      )}
      <div className="min-w-0 flex-1">
        {learned ? (
          <LearnedPage />
        ) : current ? (
          <AgentDetail key={current.agent.id} id={current.agent.id} />
        ) : phone ? null : (
          <Empty icon={GLYPH.agent} title="No agents">
            The bundled ones could not be found. `lifeos doctor` says why.
          </Empty>
        )}
      </div>
      {making ? <NewAgent onClose={() => setMaking(false)} onMade={open} /> : null}
    </div>
  )
}

function AgentLine({ item, current, onOpen }: { item: StoredAgent; current: boolean; onOpen: (id: string) => void }) {
  const { agent } = item
  return (
    <button
      type="button"
      aria-current={current ? 'true' : undefined}
      onClick={() => onOpen(agent.id)}
      className="flex flex-col gap-0.5 border-b border-line px-4 py-2.5 text-left hover:bg-hover focus-visible:-outline-offset-2 aria-[current=true]:bg-pressed"
    >
      <span className="flex w-full items-center gap-2">
        <Icon of={GLYPH.agent} size={14} className="text-ink-faint" />
        <span className="min-w-0 flex-1 truncate font-medium">{agent.name}</span>
        {agent.review ? <Badge tone="accent">review</Badge> : null}
        {item.changed ? <Badge>changed</Badge> : null}
        {item.enabled ? null : <Badge tone="change">off</Badge>}
      </span>
      <span className="w-full truncate text-12 text-ink-faint">{agent.description || agent.id}</span>
    </button>
  )
}

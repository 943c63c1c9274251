import type { McpServer } from '@life-os/contract'
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
import { McpDetail } from './mcp-detail.tsx'
import { McpDialog } from './mcp-dialog.tsx'
import { SERVER_STATE } from './mcp-words.ts'

/** Servers of the Model Context Protocol: each is treated like a stranger's plugin. */
export function McpPage() {
  const phone = useMedia(PHONE)
  const { server } = useSearch({ from: '/plugins/mcp' })
  const navigate = useNavigate()
  const [adding, setAdding] = useState(false)
  const servers = useQuery({ ...api.mcp.list.queryOptions(), refetchInterval: 10_000 })
  const items = servers.data ?? []
  const current = items.find(({ config }) => config.id === server) ?? (phone ? undefined : items[0])
  useCrumbs(
    { label: 'Plugins', to: '/plugins' },
    { label: 'MCP servers', to: '/plugins/mcp' },
    ...(phone && current ? [{ label: current.config.name }] : []),
  )
  if (servers.isPending) return <SkeletonRows label="Loading servers" />
  if (servers.error) return <Failure error={requestError(servers.error)} onRetry={() => void servers.refetch()} />
  const open = (id: string): void => void navigate({ to: '/plugins/mcp', search: { server: id }, replace: !phone })
  const dialog = adding ? <McpDialog onClose={() => setAdding(false)} onDone={open} /> : null
  if (items.length === 0)
    return (
      <>
        <Empty
          icon={GLYPH.plugin}
          title="No MCP servers"
          action={
            <Button large tone="accent" icon={Plus} onClick={() => setAdding(true)}>
              Set one up
            </Button>
          }
        >
          A server brings tools of others. It runs in a box or is reached at one address, and nothing of it is used before you have seen its
          tools and accepted them.
        </Empty>
        {dialog}
      </>
    )
  return (
    <div className="flex h-full">
      {phone && current ? null : (
        <nav
          aria-label="MCP servers"
          className="flex w-72 shrink-0 flex-col overflow-auto border-r border-line phone:w-full phone:border-r-0"
        >
          <div className="sticky top-0 z-10 flex h-11 shrink-0 items-center gap-2 border-b border-line bg-canvas pl-4 pr-2 phone:h-14">
            <h1 className="flex-1 font-semibold">{count(items.length, 'MCP server')}</h1>
            <Button icon={Plus} onClick={() => setAdding(true)} aria-label="Add a server">
              Add
            </Button>
          </div>
          {items.map((item) => (
            <ServerLine key={item.config.id} item={item} current={item === current} onOpen={open} />
          ))}
        </nav>
      )}
      {current ? (
        <div className="min-w-0 flex-1">
          <McpDetail key={current.config.id} server={current} />
        </div>
      ) : null}
      {dialog}
    </div>
  )
}

function ServerLine({ item, current, onOpen }: { item: McpServer; current: boolean; onOpen: (id: string) => void }) {
  const { config } = item
  return (
    <button
      type="button"
      aria-current={current ? 'true' : undefined}
      onClick={() => onOpen(config.id)}
      className="flex flex-col gap-0.5 border-b border-line px-4 py-2.5 text-left hover:bg-hover focus-visible:-outline-offset-2 aria-[current=true]:bg-pressed"
    >
      <span className="flex w-full items-center gap-2">
        <Icon of={GLYPH.plugin} size={14} className="text-ink-faint" />
        <span className="min-w-0 flex-1 truncate font-medium">{config.name}</span>
        <Badge tone={SERVER_STATE[item.state].tone}>{SERVER_STATE[item.state].word}</Badge>
      </span>
      <span className="mono w-full truncate text-12 text-ink-faint">
        {config.transport.kind === 'http' ? config.transport.url : [config.transport.command, ...config.transport.args].join(' ')}
      </span>
    </button>
  )
}

import type { McpServer } from '@life-os/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { RotateCw } from 'lucide-react'
import { useState } from 'react'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Confirm } from '../../components/dialog.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Icon } from '../../components/icon.tsx'
import { Card, Section } from '../../components/page.tsx'
import { api, client } from '../../lib/api.ts'
import { count, homePath } from '../../lib/format.ts'
import { reportDone, reportFailure } from '../../lib/report.ts'
import { McpDialog } from './mcp-dialog.tsx'
import { McpFault, McpLog } from './mcp-fault.tsx'
import { McpTools } from './mcp-tools.tsx'
import { SERVER_STATE } from './mcp-words.ts'

/** One server: what it may reach, what it offers, and whether that was accepted. */
export function McpDetail({ server }: { server: McpServer }) {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [editing, setEditing] = useState(false)
  const [removing, setRemoving] = useState(false)
  const { config, digest } = server
  const refresh = () =>
    Promise.all([queries.invalidateQueries({ queryKey: api.mcp.key() }), queries.invalidateQueries({ queryKey: api.plugins.key() })])
  const of = { onError: reportFailure, onSettled: refresh }
  const accept = useMutation({ mutationFn: (shown: string) => client.mcp.accept({ id: config.id, digest: shown }), ...of })
  const reconnect = useMutation({
    mutationFn: () => client.mcp.reconnect({ id: config.id }),
    onSuccess: ({ state }) => state !== 'unreachable' && reportDone(`${config.name} answers.`),
    ...of,
  })
  const toggle = useMutation({ mutationFn: () => client.mcp.set({ ...config, enabled: !config.enabled }), ...of })
  const remove = useMutation({
    mutationFn: () => client.mcp.remove({ id: config.id }),
    onSuccess: () => navigate({ to: '/plugins/mcp', search: {} }),
    ...of,
  })
  const lost = server.state === 'unreachable'
  const asks = server.state === 'waiting' || server.state === 'changed'
  return (
    <div tabIndex={0} role="group" aria-label={config.name} className="flex h-full flex-col overflow-auto focus-visible:-outline-offset-2">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line bg-surface px-4 py-3">
        <div className="min-w-0 flex-1 phone:basis-full">
          <h2 className="flex flex-wrap items-center gap-2 text-16 font-semibold tracking-tight">
            <span className="min-w-0 break-words">{config.name}</span>
            <Badge tone={SERVER_STATE[server.state].tone}>{SERVER_STATE[server.state].word}</Badge>
          </h2>
          <p className="text-ink-faint">
            {server.server ? `It calls itself ${server.server.name} ${server.server.version}.` : 'It has not said who it is yet.'}
          </p>
        </div>
        <Button icon={RotateCw} busy={reconnect.isPending} onClick={() => reconnect.mutate()}>
          Connect anew
        </Button>
        <Button onClick={() => setEditing(true)}>Change</Button>
        <Button busy={toggle.isPending} onClick={() => toggle.mutate()}>
          {config.enabled ? 'Switch off' : 'Switch on'}
        </Button>
        {asks ? null : (
          <Button tone="grave" onClick={() => setRemoving(true)}>
            Forget
          </Button>
        )}
      </header>
      <div className="mx-auto flex w-full max-w-[900px] flex-col gap-6 p-4">
        {server.reason ? <McpFault server={server} /> : null}
        {lost ? <McpLog lines={server.log} /> : null}
        {asks && digest ? (
          <section className="flex flex-col gap-3 rounded-card border border-line-strong bg-surface p-4">
            <p className="text-14 font-medium">
              {server.state === 'changed'
                ? 'Its tools are not what you accepted. They are off until you have looked.'
                : `It offers ${count(server.tools.length, 'tool')}. Nothing of it is used before you accept them.`}
            </p>
            {server.difference.length > 0 ? (
              <ul className="mono max-h-60 overflow-auto rounded-control bg-sunken p-3 text-12">
                {server.difference.map((line, index) => (
                  <li key={index} className={line.startsWith('+') ? 'text-add' : line.startsWith('-') ? 'text-remove' : ''}>
                    {line}
                  </li>
                ))}
              </ul>
            ) : null}
            <div className="flex gap-2">
              <Button large tone="accent" busy={accept.isPending} onClick={() => accept.mutate(digest)}>
                Accept {server.state === 'changed' ? 'the change' : 'these tools'}
              </Button>
              <Button large onClick={() => setRemoving(true)}>
                Forget it
              </Button>
            </div>
          </section>
        ) : null}
        <Reach server={server} />
        {lost && server.tools.length === 0 ? null : <McpTools tools={server.tools} />}
        {server.prompts.length > 0 ? (
          <Section title={count(server.prompts.length, 'prompt')}>
            <Card>
              {server.prompts.map((prompt) => (
                <p key={prompt.name} className="flex min-h-9 items-center gap-3 border-b border-line px-4 last:border-b-0">
                  <span className="mono text-12 font-medium">{prompt.name}</span>
                  <span className="truncate text-ink-faint">{prompt.description}</span>
                </p>
              ))}
            </Card>
          </Section>
        ) : null}
        {lost ? null : <McpLog lines={server.log} />}
      </div>
      {editing ? <McpDialog known={config} onClose={() => setEditing(false)} onDone={() => undefined} /> : null}
      <Confirm
        open={removing}
        onOpenChange={setRemoving}
        title={`Forget ${config.name}?`}
        message="Its tools are gone from here. What runs did with them stays in their journals."
        confirm="Forget"
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
      />
    </div>
  )
}

function Reach({ server }: { server: McpServer }) {
  const { transport } = server.config
  const lines =
    transport.kind === 'http'
      ? [
          `It is reached at ${transport.url}.`,
          transport.auth ? `The secret ${transport.auth.secret} goes along, and it alone sees it.` : 'No secret goes along.',
        ]
      : [
          `${transport.command} ${transport.args.join(' ')}`.trim(),
          transport.mounts.length === 0
            ? 'It sees no folder of this machine.'
            : `It ${transport.mounts.some((mount) => mount.access === 'write') ? 'may change' : 'may read'} ${transport.mounts.map((mount) => homePath(mount.path)).join(', ')}.`,
          transport.network.length === 0 ? 'It has no network.' : `It reaches ${transport.network.join(', ')} and nothing else.`,
        ]
  return (
    <Section title="What it can reach">
      <Card>
        {lines.map((line, index) => (
          <p key={line} className="flex min-h-9 items-center gap-3 border-b border-line px-4 py-1 last:border-b-0">
            <Icon of={index === 0 ? GLYPH.command : GLYPH.boxed} size={14} className="text-ink-faint" />
            <span className="min-w-0 break-words">{line}</span>
          </p>
        ))}
      </Card>
    </Section>
  )
}

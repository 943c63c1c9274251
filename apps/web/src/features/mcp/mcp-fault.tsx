import type { McpServer } from '@life-os/contract'
import { Section } from '../../components/page.tsx'

/** Why it does not answer, and what is most often the matter. */
export function McpFault({ server }: { server: McpServer }) {
  return (
    <div role="alert" className="flex flex-col gap-1 rounded-control bg-remove-soft px-3 py-2 text-remove">
      <p className="whitespace-pre-line break-words font-medium">{server.reason}</p>
      {server.state === 'unreachable' ? <p>{hint(server)}</p> : null}
    </div>
  )
}

function hint({ config, log }: McpServer): string {
  if (config.transport.kind === 'http') return 'Look at the address, and whether something answers there.'
  const look = 'Look at the program and its arguments, and whether the folder that it is in is among those it sees.'
  return log.length > 0 ? `${look} What it printed is below.` : look
}

export function McpLog({ lines }: { lines: readonly string[] }) {
  if (lines.length === 0) return null
  return (
    <Section title="What it printed">
      <pre
        tabIndex={0}
        aria-label="Log"
        className="mono max-h-72 overflow-auto whitespace-pre-wrap break-words rounded-card border border-line bg-sunken p-3 text-12"
      >
        {lines.join('\n')}
      </pre>
    </Section>
  )
}

import type { McpServer } from '@life-os/contract'
import { Badge } from '../../components/badge.tsx'
import { Card, Section } from '../../components/page.tsx'
import { count } from '../../lib/format.ts'
import { EFFECT } from './mcp-words.ts'

/** What a server offers, each tool with what it says of itself. */
export function McpTools({ tools }: { tools: McpServer['tools'] }) {
  // Where none is accepted the question above says so once for all.
  const some = tools.some(({ accepted }) => accepted)
  return (
    <Section title={count(tools.length, 'tool')} hint="What it says of itself is its own claim; only what its box cannot do is sure.">
      <Card>
        {tools.length === 0 ? <p className="px-4 py-3 text-ink-faint">It listed none.</p> : null}
        {tools.map((tool) => (
          <details key={tool.id} className="border-b border-line last:border-b-0">
            <summary className="flex min-h-10 cursor-pointer items-center gap-3 px-4 py-1.5 hover:bg-hover focus-visible:-outline-offset-2 phone:px-3">
              <span className="flex min-w-0 flex-1 items-baseline gap-x-3 phone:flex-col">
                <span className="max-w-full truncate font-medium">{tool.title}</span>
                <span className="mono min-w-0 max-w-full truncate text-12 text-ink-faint">{tool.id}</span>
              </span>
              {tool.risk === 'high' ? <Badge tone="final">high risk</Badge> : null}
              <Badge tone={EFFECT[tool.effect].tone}>{EFFECT[tool.effect].word}</Badge>
              {tool.accepted || !some ? null : <Badge tone="change">not accepted</Badge>}
            </summary>
            <div className="flex flex-col gap-2 bg-sunken px-4 py-3">
              <p className="whitespace-pre-wrap break-words text-ink-soft">{tool.description}</p>
              <pre
                tabIndex={0}
                aria-label={`Input of ${tool.title}`}
                className="mono max-h-72 overflow-auto rounded-control bg-surface p-3 text-12"
              >
                {JSON.stringify(tool.input, null, 2)}
              </pre>
            </div>
          </details>
        ))}
      </Card>
    </Section>
  )
}

import type { McpServer } from '@life-os/contract'
import { Badge } from '../../components/badge.tsx'
import { Card, Section } from '../../components/page.tsx'
import { ToolLine } from '../../components/tools/tool-line.tsx'
import { count } from '../../lib/format.ts'

/** What a server offers, each tool with what it says of itself. */
export function McpTools({ tools }: { tools: McpServer['tools'] }) {
  // Where none is accepted the question above says so once for all.
  const some = tools.some(({ accepted }) => accepted)
  return (
    <Section title={count(tools.length, 'tool')} hint="What it says of itself is its own claim; only what its box cannot do is sure.">
      <Card>
        {tools.length === 0 ? <p className="px-4 py-3 text-ink-faint">It listed none.</p> : null}
        {tools.map((tool) => (
          <ToolLine key={tool.id} tool={tool} marks={tool.accepted || !some ? null : <Badge tone="change">not accepted</Badge>} />
        ))}
      </Card>
    </Section>
  )
}

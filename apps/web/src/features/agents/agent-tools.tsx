import type { ToolDescription } from '@life-os/contract'
import { Badge } from '../../components/badge.tsx'
import type { Tone } from '../../components/badge.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Icon } from '../../components/icon.tsx'
import { Card, Section } from '../../components/page.tsx'
import { permissionWords } from '../../components/permissions/words.ts'
import { count } from '../../lib/format.ts'

const EFFECT: Record<ToolDescription['effect'], { tone: Tone; word: string }> = {
  read: { tone: 'plain', word: 'only reads' },
  write: { tone: 'change', word: 'changes' },
  external: { tone: 'untrusted', word: 'reaches outside' },
}

/** What an agent may use, and the most that this comes to. */
export function AgentTools({
  tools,
  permissions,
  missing,
}: {
  tools: readonly ToolDescription[]
  permissions: readonly string[]
  missing: readonly string[]
}) {
  return (
    <div className="mx-auto flex max-w-[860px] flex-col gap-6">
      {missing.length > 0 ? (
        <p className="flex items-start gap-2 rounded-control bg-change-soft px-3 py-2 text-change">
          <Icon of={GLYPH.warning} size={14} className="mt-0.5" />
          Not there: {missing.join(', ')}. Enable the plugins that bring them.
        </p>
      ) : null}
      <Section title="Permissions" hint="The most it can ever ask for; each use still passes the gate.">
        <Card>
          {permissions.length === 0 ? <p className="px-4 py-3 text-ink-faint">Nothing: it only talks.</p> : null}
          {permissions
            .map((permission) => ({ permission, ...permissionWords(permission) }))
            .toSorted((a, b) => b.danger - a.danger)
            .map(({ permission, title }) => (
              <p key={permission} className="flex min-h-9 items-center gap-3 border-b border-line px-4 py-1 last:border-b-0">
                <Icon of={GLYPH.permission} size={14} className="text-ink-faint" />
                <span className="min-w-0 flex-1">{title}</span>
                <span className="mono truncate text-12 text-ink-faint phone:hidden">{permission}</span>
              </p>
            ))}
        </Card>
      </Section>
      <Section title={count(tools.length, 'tool')}>
        <Card>
          {tools.map((tool) => (
            <details key={tool.id} className="group border-b border-line last:border-b-0">
              <summary className="flex min-h-10 cursor-pointer items-center gap-3 px-4 py-1.5 hover:bg-hover focus-visible:-outline-offset-2 phone:px-3">
                <span className="flex min-w-0 flex-1 items-baseline gap-x-3 phone:flex-col">
                  <span className="max-w-full truncate font-medium">{tool.title}</span>
                  <span className="mono min-w-0 max-w-full truncate text-12 text-ink-faint">{tool.id}</span>
                </span>
                {tool.risk === 'high' ? <Badge tone="final">high risk</Badge> : null}
                <Badge tone={EFFECT[tool.effect].tone}>{EFFECT[tool.effect].word}</Badge>
              </summary>
              <div className="flex flex-col gap-2 bg-sunken px-4 py-3">
                <p className="text-ink-soft">{tool.description}</p>
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
    </div>
  )
}

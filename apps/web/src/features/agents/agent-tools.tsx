import type { ToolDescription } from '@life-os/contract'
import { GLYPH } from '../../components/glyphs.ts'
import { Icon } from '../../components/icon.tsx'
import { Card, Section } from '../../components/page.tsx'
import { permissionWords } from '../../components/permissions/words.ts'
import { ToolLine } from '../../components/tools/tool-line.tsx'
import { count } from '../../lib/format.ts'

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
            <ToolLine key={tool.id} tool={tool} />
          ))}
        </Card>
      </Section>
    </div>
  )
}

import type { ToolDescription } from '@life-os/contract'
import { ChevronRight, FlaskConical } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Icon } from '../../components/icon.tsx'
import { EFFECT } from '../../components/tools/effects.ts'
import { cn } from '../../lib/cn.ts'
import { fieldsOf } from './schema-fields.ts'
import { TryTool } from './try-tool.tsx'

const REVERSAL: Record<ToolDescription['reversal'], string> = {
  exact: 'exactly undoable',
  compensate: 'undone by its opposite',
  none: 'final',
}

/** A tool in one line that opens to its input, output and examples. */
export function ToolCard({ tool, open: wanted, tries }: { tool: ToolDescription; open: boolean; tries: boolean }) {
  const [open, setOpen] = useState(wanted)
  const [trying, setTrying] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (wanted) box.current?.scrollIntoView({ block: 'start' })
  }, [wanted])
  return (
    <div ref={box} className="scroll-mt-4 overflow-hidden rounded-card border border-line bg-surface">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex min-h-11 w-full flex-wrap items-center gap-x-2.5 gap-y-1 px-3 py-2 text-left hover:bg-hover/60"
      >
        <Icon of={ChevronRight} size={14} className={cn('text-ink-faint', open && 'rotate-90')} />
        <span className="font-medium">{tool.title}</span>
        <span className="mono text-12 text-ink-faint">{tool.id}</span>
        <span className="ml-auto flex gap-1">
          <Badge tone={EFFECT[tool.effect].tone}>{EFFECT[tool.effect].word}</Badge>
          {tool.effect === 'read' ? null : (
            <Badge tone={tool.reversal === 'none' ? 'final' : 'plain'} {...(tool.reversal === 'none' && { icon: GLYPH.final })}>
              {REVERSAL[tool.reversal]}
            </Badge>
          )}
          {tool.risk === 'high' ? (
            <Badge tone="final" icon={GLYPH.warning}>
              high risk
            </Badge>
          ) : null}
        </span>
      </button>
      {open ? (
        <div className="flex flex-col gap-4 border-t border-line p-4 phone:p-3">
          <div className="flex flex-wrap items-start gap-3">
            <p className="min-w-0 flex-1 text-ink-soft phone:basis-full">{tool.description}</p>
            {tries ? (
              <Button icon={FlaskConical} aria-expanded={trying} onClick={() => setTrying(!trying)}>
                Try it
              </Button>
            ) : null}
          </div>
          {trying ? (
            <div className="rounded-card border border-line bg-canvas p-4 phone:p-3">
              <TryTool tool={tool} />
            </div>
          ) : null}
          <div className="grid grid-cols-2 gap-4 narrow:grid-cols-1">
            <Fields title="Input" schema={tool.input} />
            <Fields title="Output" schema={tool.output} />
          </div>
          {tool.examples.map((example, index) => (
            <section key={index}>
              <h2 className="eyebrow mb-1">{example.title ?? 'Example'}</h2>
              <pre tabIndex={0} className="mono overflow-auto rounded-control bg-sunken p-3 text-12 text-ink-soft">
                {JSON.stringify(example.input, null, 2)}
                {example.output === undefined ? '' : `\n→ ${JSON.stringify(example.output, null, 2)}`}
              </pre>
            </section>
          ))}
          <p className="text-12 text-ink-faint">
            Lane {tool.lane}
            {tool.idempotent ? ' · safe to repeat' : ''}
            {tool.reconciles ? ' · can look whether it happened' : ''}
            {Object.keys(tool.needs).length > 0 ? ` · needs ${Object.keys(tool.needs).join(', ')}` : ''}
          </p>
        </div>
      ) : null}
    </div>
  )
}

function Fields({ title, schema }: { title: string; schema: Record<string, unknown> }) {
  const fields = fieldsOf(schema)
  return (
    <section className="min-w-0">
      <h2 className="eyebrow mb-1">{title}</h2>
      {fields.length === 0 ? (
        <p className="text-12 text-ink-faint">nothing</p>
      ) : (
        <ul className="text-12">
          {fields.map((field) => (
            <li key={field.name} className="border-t border-line py-1.5 first:border-t-0">
              <span className="mono font-medium">{field.name}</span>{' '}
              <span className="mono text-ink-faint">
                {field.type}
                {field.required ? '' : ', optional'}
              </span>
              {field.description ? <p className="text-ink-soft">{field.description}</p> : null}
            </li>
          ))}
        </ul>
      )}
      <details className="mt-1 text-12">
        <summary className="cursor-pointer text-ink-faint hover:text-ink">JSON Schema</summary>
        <pre tabIndex={0} className="mono mt-1 max-h-72 overflow-auto rounded-control bg-sunken p-3 text-ink-soft">
          {JSON.stringify(schema, null, 2)}
        </pre>
      </details>
    </section>
  )
}

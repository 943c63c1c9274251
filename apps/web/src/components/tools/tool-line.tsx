import type { ToolDescription } from '@life-os/contract'
import type { ReactNode } from 'react'
import { Badge } from '../badge.tsx'
import { EFFECT } from './effects.ts'

type Told = Pick<ToolDescription, 'id' | 'title' | 'description' | 'effect' | 'risk' | 'input'>

/** A tool in one line, which opens to what it says of itself and what goes in. `marks`: further badges. */
export function ToolLine({ tool, marks }: { tool: Told; marks?: ReactNode }) {
  return (
    <details className="border-b border-line last:border-b-0">
      <summary className="flex min-h-10 cursor-pointer items-center gap-3 px-4 py-1.5 hover:bg-hover focus-visible:-outline-offset-2 phone:px-3">
        <span className="flex min-w-0 flex-1 items-baseline gap-x-3 phone:flex-col">
          <span className="max-w-full truncate font-medium">{tool.title}</span>
          <span className="mono min-w-0 max-w-full truncate text-12 text-ink-faint">{tool.id}</span>
        </span>
        {tool.risk === 'high' ? <Badge tone="final">high risk</Badge> : null}
        <Badge tone={EFFECT[tool.effect].tone}>{EFFECT[tool.effect].word}</Badge>
        {marks}
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
  )
}

import { ChevronRight } from 'lucide-react'
import { useMemo, useState } from 'react'
import { cn } from '../../lib/cn.ts'
import { number } from '../../lib/format.ts'
import { fileKind } from '../../lib/file-kind.ts'
import { FILE_GLYPH } from '../glyphs.ts'
import { Icon } from '../icon.tsx'
import { FileName } from '../path.tsx'
import { treeLines } from './trees.ts'
import type { TreeLine, TreeNode } from './trees.ts'

const LIMIT = 400

/** The touched folders before and after, side by side. */
export function TreesPanel({ before, after }: { before: TreeNode; after: TreeNode }) {
  return (
    <div className="grid h-full min-h-0 grid-cols-2 divide-x divide-line phone:grid-cols-1 phone:divide-x-0 phone:divide-y">
      <Tree title="Before" top={before} side="before" />
      <Tree title="After" top={after} side="after" />
    </div>
  )
}

function Tree({ title, top, side }: { title: string; top: TreeNode; side: 'before' | 'after' }) {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const [whole, setWhole] = useState<ReadonlySet<string>>(new Set())
  const lines = useMemo(
    () => treeLines(top, closed, whole, top.children.filter((child) => child.folder).length > 2 ? 4 : 12),
    [top, closed, whole],
  )
  const toggle = (path: string): void =>
    setClosed((now) => (now.has(path) ? new Set([...now].filter((each) => each !== path)) : new Set([...now, path])))
  return (
    <section aria-label={title} className="flex min-h-0 min-w-0 flex-col">
      <h2 className="eyebrow flex justify-between px-3 pb-1 pt-2">
        <span>{title}</span>
        <span className="mono">{number(top.files)}</span>
      </h2>
      <div className="min-h-0 flex-1 overflow-auto px-1 pb-3 text-12" tabIndex={0} role="group" aria-label={`Files ${title.toLowerCase()}`}>
        {lines.slice(0, LIMIT).map((line) => (
          <Line key={line.key} line={line} side={side} onToggle={toggle} onWhole={(path) => setWhole((now) => new Set([...now, path]))} />
        ))}
        {lines.length > LIMIT ? <p className="px-2 py-1 text-ink-faint">and {number(lines.length - LIMIT)} more lines</p> : null}
      </div>
    </section>
  )
}

function Line({
  line,
  side,
  onToggle,
  onWhole,
}: {
  line: TreeLine
  side: 'before' | 'after'
  onToggle: (path: string) => void
  onWhole: (path: string) => void
}) {
  const indent = { paddingLeft: 4 + line.depth * 14 }
  if (line.type === 'more') {
    return (
      <button
        type="button"
        onClick={() => onWhole(line.path)}
        style={indent}
        className="flex h-6 w-full items-center rounded-small pr-2 text-left text-ink-faint hover:bg-hover hover:text-ink phone:h-9"
      >
        <span className="pl-5">{number(line.hidden)} more</span>
      </button>
    )
  }
  const { node } = line
  const tone =
    node.mark === 'add' ? 'text-add' : node.mark === 'remove' ? 'text-remove' : node.mark === 'change' ? 'text-change' : 'text-ghost'
  if (!node.folder) {
    return (
      <div style={indent} className={cn('flex h-6 items-center gap-1.5 pr-2', node.mark === 'remove' ? 'text-ink-faint' : 'text-ink-soft')}>
        <span
          className={cn('w-3.5 shrink-0 text-center font-mono', tone)}
          aria-label={node.mark === 'add' ? 'added' : node.mark === 'remove' ? 'leaves' : node.mark === 'change' ? 'changes' : undefined}
          role={node.mark ? 'img' : undefined}
        >
          {node.mark === 'add' ? '+' : node.mark === 'remove' ? '−' : node.mark === 'change' ? '~' : ''}
        </span>
        <Icon of={FILE_GLYPH[fileKind(node.name)]} size={14} className="opacity-70" />
        <FileName name={node.name} />
      </div>
    )
  }
  const fresh = side === 'after' && node.mark === 'add'
  return (
    <button
      type="button"
      aria-expanded={line.open}
      onClick={() => onToggle(node.path)}
      style={indent}
      className="flex h-6 w-full items-center gap-1.5 rounded-small pr-2 text-left hover:bg-hover phone:h-9"
    >
      <Icon of={ChevronRight} size={14} className={cn('text-ink-faint transition-transform duration-120', line.open && 'rotate-90')} />
      <Icon of={FILE_GLYPH.folder} size={14} className={fresh ? 'text-add' : 'text-ink-faint'} />
      <span
        className={cn(
          'truncate font-medium',
          fresh && 'text-add',
          node.mark === 'remove' && 'text-ink-faint line-through decoration-remove/60',
        )}
      >
        {node.name}
      </span>
      <span className="mono ml-auto shrink-0 text-ink-faint">{node.files > 0 ? number(node.files) : ''}</span>
    </button>
  )
}

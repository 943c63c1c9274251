import '@xyflow/react/dist/base.css'
import type { Step } from '@life-os/contract'
import { Background, BackgroundVariant, Controls, Handle, Position, ReactFlow, useReactFlow, useStore } from '@xyflow/react'
import type { Edge, Node, NodeProps } from '@xyflow/react'
import { memo, useEffect, useMemo } from 'react'
import { cn } from '../../lib/cn.ts'
import { number } from '../../lib/format.ts'
import type { StepState } from '../../lib/live-run.ts'
import { GLYPH, STEP_GLYPH } from '../glyphs.ts'
import { Icon } from '../icon.tsx'
import { graphSteps, layoutGraph } from './plan-graph.ts'
import type { GraphStep } from './plan-graph.ts'

export type StepCounts = ReadonlyMap<string, Readonly<Record<StepState, number>>>
type Lit = 'idle' | 'running' | 'waiting' | 'done' | 'failed' | 'skipped'
type StepNode = Node<{ step: GraphStep; lit: Lit; words: string; holds: boolean }, 'step'>

const litOf = (counts: Readonly<Record<StepState, number>> | undefined): Lit => {
  if (!counts) return 'idle'
  if (counts.failed > 0) return 'failed'
  if (counts.uncertain > 0 || counts.waiting > 0) return 'waiting'
  if (counts.running > 0) return 'running'
  if (counts.done + counts.continued > 0) return 'done'
  return counts.skipped > 0 ? 'skipped' : 'idle'
}
function wordsOf(counts: Readonly<Record<StepState, number>> | undefined): string {
  if (!counts) return ''
  const sum = Object.values(counts).reduce((total, each) => total + each, 0)
  if (sum <= 1) return ''
  return [
    counts.done > 0 && `${number(counts.done)} done`,
    counts.running > 0 && `${number(counts.running)} now`,
    counts.skipped > 0 && `${number(counts.skipped)} skipped`,
    counts.failed > 0 && `${number(counts.failed)} failed`,
  ]
    .filter(Boolean)
    .join(' · ')
}
const FRAME: Record<Lit, string> = {
  idle: 'border-line bg-surface',
  running: 'border-accent bg-accent-soft',
  waiting: 'border-change bg-change-soft',
  done: 'border-line-strong bg-surface',
  failed: 'border-remove bg-remove-soft',
  skipped: 'border-dashed border-line-strong bg-surface opacity-70',
}
const GLYPH_TONE: Record<Lit, string> = {
  idle: 'text-ink-faint',
  running: 'text-accent-text',
  waiting: 'text-change',
  done: 'text-add',
  failed: 'text-remove',
  skipped: 'text-ghost',
}
const depthOf = (path: string): number => path.split('.').length
const NO_COUNTS: StepCounts = new Map()

/** Steps as boxes in the order they depend on each other; loops and groups hold their steps. */
export function PlanGraph({
  steps,
  counts = NO_COUNTS,
  compact = false,
}: {
  steps: readonly Step[]
  counts?: StepCounts
  compact?: boolean
}) {
  const layout = useMemo(() => layoutGraph(graphSteps(steps)), [steps])
  const nodes = useMemo<StepNode[]>(
    () =>
      layout.boxes.map((box) => ({
        id: box.path,
        type: 'step',
        position: { x: box.x, y: box.y },
        width: box.width,
        height: box.height,
        draggable: false,
        connectable: false,
        focusable: true,
        ...(box.parent !== null && { parentId: box.parent }),
        zIndex: depthOf(box.path) * 2,
        ariaLabel: `${box.step.title}, ${box.step.detail}, ${litOf(counts.get(box.path))}`,
        data: {
          step: box.step,
          lit: litOf(counts.get(box.path)),
          words: wordsOf(counts.get(box.path)),
          holds: box.step.children.length > 0,
        },
      })),
    [layout, counts],
  )
  const edges = useMemo<Edge[]>(
    () =>
      layout.edges.map((edge) => ({
        id: edge.id,
        source: edge.from,
        target: edge.to,
        type: 'smoothstep',
        focusable: false,
        zIndex: depthOf(edge.to) * 2 - 1,
        style: { stroke: litOf(counts.get(edge.to)) === 'running' ? 'var(--accent)' : 'var(--ghost)', strokeWidth: 1.5 },
      })),
    [layout, counts],
  )
  return (
    <div className={cn('h-full w-full', !compact && 'min-h-64')}>
      <ReactFlow<StepNode>
        nodes={nodes}
        edges={edges}
        nodeTypes={TYPES}
        fitView
        fitViewOptions={FIT[compact ? 'compact' : 'whole']}
        minZoom={0.2}
        maxZoom={1.5}
        nodesDraggable={false}
        nodesConnectable={false}
        {...(compact && { zoomOnScroll: false, preventScrolling: false, panOnDrag: false, zoomOnPinch: false, zoomOnDoubleClick: false })}
        proOptions={{ hideAttribution: true }}
        ariaLabelConfig={{ 'node.a11yDescription.default': 'A step of the plan' }}
      >
        <Refit compact={compact} />
        <Background variant={BackgroundVariant.Dots} gap={16} size={1} color="var(--line-strong)" />
        {compact ? null : (
          <Controls
            showInteractive={false}
            className="overflow-hidden rounded-control border border-line bg-raised [&_button]:flex [&_button]:size-7 [&_button]:items-center [&_button]:justify-center [&_button]:hover:bg-hover [&_svg]:size-3 [&_svg]:fill-current"
          />
        )}
      </ReactFlow>
    </div>
  )
}

const FIT = { compact: { padding: 0.12, maxZoom: 1 }, whole: { padding: 0.2, maxZoom: 1 } } as const

/** Shows the whole plan again when the place for it takes another size. */
function Refit({ compact }: { compact: boolean }) {
  const { fitView } = useReactFlow()
  const width = useStore((state) => state.width)
  const height = useStore((state) => state.height)
  useEffect(() => {
    if (width > 0 && height > 0) void fitView(FIT[compact ? 'compact' : 'whole'])
  }, [fitView, compact, width, height])
  return null
}

const StepBox = memo(function StepBox({ data }: NodeProps<StepNode>) {
  const { step, lit, words, holds } = data
  return (
    <div className={cn('flex h-full w-full flex-col rounded-card border transition-colors duration-120', FRAME[lit])}>
      <Handle type="target" position={Position.Top} className="size-0! min-h-0! min-w-0! border-0! opacity-0" isConnectable={false} />
      <div className={cn('flex items-center gap-2.5 px-3', holds ? 'h-12' : 'h-full')}>
        <Icon of={STEP_GLYPH[step.kind] ?? GLYPH.tool} className={cn(GLYPH_TONE[lit], lit === 'running' && 'animate-none')} />
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium leading-tight">{step.title}</p>
          <p className="mono truncate text-12 text-ink-faint">{words || step.detail}</p>
        </div>
      </div>
      <Handle type="source" position={Position.Bottom} className="size-0! min-h-0! min-w-0! border-0! opacity-0" isConnectable={false} />
    </div>
  )
})
const TYPES = { step: StepBox }

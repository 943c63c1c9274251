import type { AnswerPart, ThreadMessage } from '@life-os/contract'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useMemo } from 'react'
import type { ReactNode } from 'react'
import { GLYPH } from '../../components/glyphs.ts'
import { Icon } from '../../components/icon.tsx'
import { count, duration, homeText, money, number } from '../../lib/format.ts'
import { isOver } from '../../lib/queries.ts'
import { groupParts } from './group-parts.ts'
import { modelName } from './model-name.ts'
import { Thinking } from './thinking.tsx'
import { ToolGroup } from './tool-group.tsx'
import { CitationList, CitationMark } from './citation-mark.tsx'
import { InlineApproval } from './inline-approval.tsx'
import { PlanCard } from './plan-card.tsx'
import { ToolCard } from './tool-card.tsx'

const Markdown = lazy(() => import('../../components/markdown/markdown.tsx'))

/** An assistant's message: its parts in order, its sources, what it cost. */
export function Answer({ message }: { message: ThreadMessage }) {
  const citations = useMemo(() => new Map(message.citations.map((citation) => [citation.number, citation])), [message.citations])
  const sources = useMemo(() => new Set(citations.keys()), [citations])
  const shown = useMemo(() => groupParts(message.parts), [message.parts])
  const going = message.state !== null && !isOver(message.state)
  const cite = useMemo(
    () => (wanted: number) => {
      const citation = citations.get(wanted)
      return citation ? <CitationMark citation={citation} /> : null
    },
    [citations],
  )
  return (
    <div className="min-w-0">
      {shown.map((each) =>
        each.type === 'group' ? (
          <ToolGroup key={each.key} parts={each.parts} />
        ) : (
          <Part key={each.key} part={each.part} sources={sources} cite={cite} />
        ),
      )}
      {going && message.state !== 'waiting' && !message.parts.some((part) => part.type === 'text' && part.open) ? (
        <Thinking message={message} />
      ) : null}
      {message.error ? <Fault message={message} /> : null}
      <CitationList citations={message.citations} />
    </div>
  )
}

function Part({ part, sources, cite }: { part: AnswerPart; sources: ReadonlySet<number>; cite: (number: number) => ReactNode }) {
  switch (part.type) {
    case 'text':
      return (
        <Suspense fallback={<p className="whitespace-pre-wrap text-14">{part.text}</p>}>
          <Markdown text={part.text} open={part.open} sources={sources} cite={cite} />
        </Suspense>
      )
    case 'tool':
      return <ToolCard part={part} />
    case 'plan':
      return <PlanCard part={part} />
    case 'question':
      return part.answer === null ? (
        <div className="my-3 overflow-hidden rounded-card border border-line bg-surface">
          <InlineApproval id={part.approval} />
        </div>
      ) : (
        <p className="my-2 border-l-2 border-line-strong pl-3 text-ink-soft">
          <span className="block text-ink-faint">{part.text}</span>
          {part.answer}
        </p>
      )
    case 'notice':
      return (
        <p className="my-2 flex items-start gap-2 rounded-control bg-change-soft px-3 py-2 text-change">
          <Icon of={GLYPH.warning} size={14} className="mt-0.5" />
          {part.text}
        </p>
      )
  }
}

const SET_UP = new Set(['model-none', 'model-private', 'model-unknown', 'model-resting', 'model-unreachable', 'model-unauthorised'])

function Fault({ message }: { message: ThreadMessage }) {
  const { error } = message
  if (!error) return null
  return (
    <div role="alert" className="my-2 rounded-control bg-remove-soft px-3 py-2 text-remove">
      <p>{homeText(error.message)}</p>
      <p className="mt-1 flex flex-wrap gap-x-3 text-12">
        <span className="mono">{error.code}</span>
        {SET_UP.has(error.code) ? (
          <Link to="/models" className="font-medium underline underline-offset-2">
            Set up a model
          </Link>
        ) : null}
        {message.run ? (
          <Link to="/runs/$run" params={{ run: message.run }} className="font-medium underline underline-offset-2">
            {error.code === 'budget-exceeded' ? 'Allow it more' : 'Open the run'}
          </Link>
        ) : null}
      </p>
    </div>
  )
}

/** What an answer took, in one quiet line. */
export function CostLine({ message }: { message: ThreadMessage }) {
  const { cost, model, parts } = message
  const calls = parts.filter((part) => part.type === 'tool').length
  const words = [
    model === null ? null : modelName(model),
    calls > 0 ? count(calls, 'tool call') : null,
    cost && cost.tokens > 0 ? `${number(cost.tokens)} tokens` : null,
    cost && cost.micros > 0 ? money(cost.micros) : null,
    cost && cost.time >= 1000 ? duration(cost.time) : null,
  ].filter((word) => word !== null)
  return words.length === 0 ? null : (
    <span className="figures min-w-0 truncate text-12 text-ink-faint" title={[model, ...words.slice(1)].filter(Boolean).join(' · ')}>
      {words.join(' · ')}
    </span>
  )
}

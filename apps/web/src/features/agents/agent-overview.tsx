import type { Agent } from '@life-os/contract'
import { lazy, Suspense } from 'react'
import { Badge } from '../../components/badge.tsx'
import { Card, Section } from '../../components/page.tsx'
import { count } from '../../lib/format.ts'
import { budgetWords } from './agent-words.ts'

const Markdown = lazy(() => import('../../components/markdown/markdown.tsx'))

/** What an agent is told, what limits it, and what it is shown to do. */
export function AgentOverview({ agent }: { agent: Agent }) {
  const { limits } = agent
  const facts = [
    ['Model', agent.model ?? 'automatic'],
    ['Rounds', `at most ${limits.rounds}, with ${count(limits.parallel, 'tool call')} at once`],
    ['Budget of one turn', budgetWords(limits.budget)],
    ['Memory', agent.memory === 'thread' ? 'what was said in the conversation' : 'nothing of what was said before'],
    ['Plans', agent.plans ? 'may propose and start plans' : 'acts by single tools alone'],
    ['Gives work to', agent.agents.length > 0 ? agent.agents.join(', ') : 'nobody'],
    ['Review', agent.review ? 'asks before every tool call' : 'asks where permissions and mode say so'],
  ] as const
  return (
    <div className="mx-auto flex max-w-[860px] flex-col gap-6">
      <dl className="grid grid-cols-[max-content_1fr] gap-x-6 gap-y-1.5 phone:grid-cols-1 phone:gap-y-0">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-faint">{name}</dt>
            <dd className="phone:mb-2">{value}</dd>
          </div>
        ))}
      </dl>
      <Section title="What it is told">
        <Card className="p-4">
          <Suspense fallback={<p className="whitespace-pre-wrap">{agent.instructions}</p>}>
            <Markdown text={agent.instructions} />
          </Suspense>
        </Card>
      </Section>
      {agent.examples.length > 0 ? (
        <Section title="Examples" hint="Run as tests against a scripted model.">
          <Card>
            {agent.examples.map((example) => (
              <div key={example.title} className="flex flex-col gap-1 border-b border-line px-4 py-2.5 last:border-b-0">
                <p className="font-medium">{example.title}</p>
                <p className="text-ink-soft">“{example.say}”</p>
                {example.tools.length > 0 ? (
                  <p className="flex flex-wrap gap-1">
                    {example.tools.map((tool, index) => (
                      <Badge key={index}>{tool}</Badge>
                    ))}
                  </p>
                ) : null}
              </div>
            ))}
          </Card>
        </Section>
      ) : null}
    </div>
  )
}

import { useQuery } from '@tanstack/react-query'
import { Meter } from '../../components/meter.tsx'
import { Card, Section } from '../../components/page.tsx'
import { Failure, SkeletonRows } from '../../components/states.tsx'
import { api, requestError } from '../../lib/api.ts'
import { duration, money, number } from '../../lib/format.ts'

/** What an agent did, what it cost, and what people answered it. */
export function AgentStatisticsView({ id }: { id: string }) {
  const found = useQuery(api.agents.statistics.queryOptions({ input: { id } }))
  if (found.isPending) return <SkeletonRows rows={4} label="Loading statistics" />
  if (found.error) return <Failure error={requestError(found.error)} onRetry={() => void found.refetch()} quiet />
  const { data } = found
  if (data.runs === 0) return <p className="py-10 text-center text-ink-faint">It has not been asked anything yet.</p>
  const figures = [
    ['Turns', number(data.runs)],
    ['Finished', number(data.done)],
    ['Failed', number(data.failed)],
    ['A turn takes', data.time === null ? '–' : duration(data.time)],
    ['Rounds a turn', data.rounds === null ? '–' : data.rounds.toFixed(1)],
    ['Tokens', number(data.tokens)],
    ['Cost', money(data.micros)],
    ['You approved', number(data.approved)],
    ['You refused', number(data.refused)],
    ['You edited', number(data.edited)],
  ] as const
  const top = Math.max(1, ...data.tools.map((tool) => tool.calls))
  return (
    <div className="mx-auto flex max-w-[860px] flex-col gap-6">
      <dl className="grid grid-cols-5 gap-px overflow-hidden rounded-card border border-line bg-line phone:grid-cols-2">
        {figures.map(([name, value]) => (
          <div key={name} className="bg-surface px-3 py-2">
            <dt className="text-12 text-ink-faint">{name}</dt>
            <dd className="figures text-16 font-semibold">{value}</dd>
          </div>
        ))}
      </dl>
      {data.tools.length > 0 ? (
        <Section title="Tools it called">
          <Card>
            {data.tools.map((tool) => (
              <div key={tool.tool} className="flex min-h-9 items-center gap-3 border-b border-line px-4 last:border-b-0">
                <span className="mono w-56 shrink-0 truncate text-12 phone:w-36">{tool.tool}</span>
                <Meter value={tool.calls / top} label={`Calls of ${tool.tool}`} className="flex-1" />
                <span className="figures w-12 text-right">{number(tool.calls)}</span>
                <span className="figures w-20 text-right text-12 text-remove">
                  {tool.failed > 0 ? `${number(tool.failed)} failed` : ''}
                </span>
              </div>
            ))}
          </Card>
        </Section>
      ) : null}
    </div>
  )
}

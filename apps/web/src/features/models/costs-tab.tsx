import type { UsageGroup } from '@life-os/contract'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import Bars from '../../components/chart/bars.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Meter } from '../../components/meter.tsx'
import { Card, Section } from '../../components/page.tsx'
import { Segmented } from '../../components/segmented.tsx'
import { Empty, Failure, SkeletonRows } from '../../components/states.tsx'
import { api, requestError } from '../../lib/api.ts'
import { count, duration, midnight, moment, number } from '../../lib/format.ts'
import { askedBy, outcomeWords, smallMoney as money, whose } from './cost-words.ts'
import { dayLabel, filledDays } from './days.ts'

const RANGES = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
] as const
const BY = [
  { value: 'model', label: 'Model' },
  { value: 'agent', label: 'Agent' },
  { value: 'tool', label: 'Tool' },
  { value: 'person', label: 'Person' },
] as const
const DAY = 86_400_000

/** What models cost by day, and what it went to. */
export default function CostsTab() {
  const [range, setRange] = useState<(typeof RANGES)[number]['value']>('30')
  const [by, setBy] = useState<(typeof BY)[number]['value']>('model')
  const [unit, setUnit] = useState<'money' | 'tokens'>('money')
  const from = midnight() - (Number(range) - 1) * DAY
  const days = useQuery(api.models.costs.queryOptions({ input: { by: 'day', from } }))
  const groups = useQuery(api.models.costs.queryOptions({ input: { by, from } }))
  const budgets = useQuery(api.models.budgets.queryOptions())
  const bars = useMemo(
    () =>
      filledDays(days.data?.groups ?? [], from, Number(range)).map((group) => ({
        label: dayLabel(group.key),
        value: unit === 'money' ? group.micros : group.input + group.output,
      })),
    [days.data, from, range, unit],
  )
  const failed = days.error ?? groups.error
  if (failed) return <Failure error={requestError(failed)} onRetry={() => void Promise.all([days.refetch(), groups.refetch()])} />
  if (!days.data || !groups.data) return <SkeletonRows label="Loading the costs" />
  const { total } = days.data
  return (
    <>
      {(budgets.data ?? []).length > 0 ? (
        <Section title="Limits today">
          <div className="grid grid-cols-2 gap-3 phone:grid-cols-1">
            {(budgets.data ?? []).map((budget) => {
              const used = budget.spent + budget.reserved
              return (
                <div key={`${budget.budget} ${budget.person ?? ''}`} className="rounded-card border border-line bg-surface p-3">
                  <p className="flex">
                    <span className="font-medium">{whose(budget, budgets.data ?? [])}, today</span>
                    <span className="figures ml-auto text-ink-soft">
                      {money(used)} of {money(budget.limit)}
                    </span>
                  </p>
                  <Meter
                    className="mt-2"
                    value={budget.limit === 0 ? 1 : used / budget.limit}
                    tone={budget.alert !== null && budget.alert >= 1 ? 'remove' : 'accent'}
                    label="Share of the limit that is used"
                  />
                  {budget.alert === null ? null : (
                    <p className="mt-1 text-12 text-change">
                      {budget.alert >= 1
                        ? 'The limit is reached: paid models wait until tomorrow.'
                        : `Over ${Math.round(budget.alert * 100)} % is used.`}
                    </p>
                  )}
                </div>
              )
            })}
          </div>
        </Section>
      ) : null}
      <Section
        title="By day"
        hint={`${unit === 'money' ? money(total.micros) : `${number(total.input + total.output)} tokens`} · ${count(total.calls, 'call')}`}
        actions={
          <>
            <Segmented
              label="What is compared"
              value={unit}
              options={[
                { value: 'money', label: 'Money' },
                { value: 'tokens', label: 'Tokens' },
              ]}
              onChange={setUnit}
            />
            <Segmented label="How far back" value={range} options={RANGES} onChange={setRange} />
          </>
        }
      >
        <Card className="p-3">
          {total.calls === 0 ? (
            <Empty icon={GLYPH.model} title="Nothing was asked of a model yet" quiet>
              Every call is counted here: what it was for, which model served it, what it cost.
            </Empty>
          ) : (
            <Bars bars={bars} label={unit === 'money' ? 'Cost by day' : 'Tokens by day'} words={unit === 'money' ? money : number} />
          )}
        </Card>
      </Section>
      {total.calls > 0 ? (
        <Section title="What it went to" actions={<Segmented label="Grouped by" value={by} options={BY} onChange={setBy} />}>
          <GroupTable groups={groups.data.groups} />
        </Section>
      ) : null}
      <Recent />
    </>
  )
}

function GroupTable({ groups }: { groups: readonly UsageGroup[] }) {
  const top = Math.max(1, ...groups.map((group) => group.micros))
  const sorted = groups.toSorted((a, b) => b.micros - a.micros || b.input + b.output - (a.input + a.output))
  return (
    <div tabIndex={0} role="group" aria-label="What it went to" className="overflow-x-auto rounded-card border border-line bg-surface">
      <table className="w-full min-w-[560px]">
        <thead className="text-left text-12 text-ink-faint">
          <tr className="border-b border-line *:px-4 *:py-2 *:font-medium">
            <th>Name</th>
            <th className="text-right">Calls</th>
            <th className="text-right">Failed</th>
            <th className="text-right">Tokens in</th>
            <th className="text-right">Tokens out</th>
            <th className="w-48 text-right">Cost</th>
          </tr>
        </thead>
        <tbody className="figures">
          {sorted.map((group) => (
            <tr key={group.key} className="border-b border-line last:border-b-0 *:px-4 *:py-2">
              <td className="mono max-w-64 truncate text-12" title={group.key}>
                {group.key || 'none'}
              </td>
              <td className="text-right">{number(group.calls)}</td>
              <td className="text-right">{group.failed > 0 ? <span className="text-remove">{number(group.failed)}</span> : ''}</td>
              <td className="text-right">{number(group.input)}</td>
              <td className="text-right">{number(group.output)}</td>
              <td>
                <span className="flex items-center justify-end gap-2">
                  <Meter value={group.micros / top} label={`Share of ${group.key}`} className="w-20" />
                  <span className="w-16 text-right">{money(group.micros)}</span>
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Recent() {
  const usage = useQuery(api.models.usage.queryOptions({ input: { limit: 20 } }))
  if (!usage.data || usage.data.items.length === 0) return null
  return (
    <Section title="Last calls" hint={`${number(usage.data.total)} in all`}>
      <Card>
        {usage.data.items.map((call) => (
          <div
            key={call.id}
            className="flex min-h-10 items-center gap-x-3 border-b border-line px-4 py-1.5 last:border-b-0 phone:flex-wrap phone:gap-x-2 phone:px-3 *:phone:w-auto"
          >
            <span className="mono min-w-0 flex-1 truncate text-12 phone:basis-full" title={call.model}>
              {call.model}
            </span>
            <span className="min-w-0 truncate text-12 text-ink-faint">{askedBy(call)}</span>
            {call.outcome === 'done' ? null : <span className="text-12 text-remove">{outcomeWords(call.outcome)}</span>}
            <span className="figures w-24 text-right text-12 text-ink-faint">{number(call.usage.input + call.usage.output)} tokens</span>
            <span className="figures w-16 text-right text-12 text-ink-faint phone:hidden">{duration(call.latency)}</span>
            <span className="figures w-16 text-right text-12">{call.cached ? 'kept' : money(call.micros)}</span>
            <span className="figures w-24 text-right text-12 text-ink-faint phone:ml-auto">{moment(call.at)}</span>
          </div>
        ))}
      </Card>
    </Section>
  )
}

import type { PlanStatistics } from '@life-os/contract'
import { GLYPH } from '../../components/glyphs.ts'
import { Card, Section } from '../../components/page.tsx'
import { Empty } from '../../components/states.tsx'
import { duration, money, number } from '../../lib/format.ts'

/** How often it worked, how long it took, what it cost; and the same for each step, as bars that can be compared. */
export function StatisticsView({ statistics }: { statistics: PlanStatistics }) {
  const { runs, done, failed, averageTime, micros, tokens, steps } = statistics
  if (runs === 0)
    return (
      <Empty icon={GLYPH.plan} title="It has not run yet" quiet>
        After the first run, its success, time and cost stand here.
      </Empty>
    )
  const slowest = Math.max(1, ...steps.map((step) => step.averageTime ?? 0))
  const over = done + failed
  return (
    <div className="h-full overflow-auto" tabIndex={0}>
      <div className="mx-auto flex max-w-[860px] flex-col gap-6 px-8 pb-16 pt-7 phone:px-3 phone:pt-4">
        <dl className="grid grid-cols-4 overflow-hidden rounded-card border border-line bg-surface phone:grid-cols-2">
          <Figure name="Runs" value={number(runs)} />
          <Figure
            name="Worked"
            value={over === 0 ? '–' : `${Math.round((done / over) * 100)} %`}
            note={failed > 0 ? `${number(failed)} failed` : 'none failed'}
          />
          <Figure name="Takes" value={averageTime === null ? '–' : duration(averageTime)} note="on average" />
          <Figure name="Cost so far" value={money(micros)} note={tokens > 0 ? `${number(tokens)} tokens` : 'no model used'} />
        </dl>
        <Section title="Steps">
          <Card>
            <table className="w-full border-collapse">
              <thead>
                <tr className="h-8 border-b border-line bg-sunken text-left text-12 text-ink-faint">
                  <th className="px-4 font-medium">Step</th>
                  <th className="w-[40%] px-2 font-medium">Time on average</th>
                  <th className="px-2 text-right font-medium">Tries</th>
                  <th className="px-4 text-right font-medium">Failed</th>
                </tr>
              </thead>
              <tbody>
                {steps.map((step) => (
                  <tr key={step.step} className="h-9 border-b border-line/60 last:border-b-0">
                    <td className="mono px-4 text-12">{step.step}</td>
                    <td className="px-2" aria-label={step.averageTime === null ? 'not measured' : duration(step.averageTime)}>
                      <span className="flex items-center gap-2">
                        <span
                          className="h-2 rounded-small bg-accent"
                          style={{ width: `${Math.max(1, ((step.averageTime ?? 0) / slowest) * 70)}%` }}
                        />
                        <span className="mono text-12 text-ink-faint">{step.averageTime === null ? '–' : duration(step.averageTime)}</span>
                      </span>
                    </td>
                    <td className="mono px-2 text-right text-12 text-ink-soft">{number(step.tries)}</td>
                    <td className={`mono px-4 text-right text-12 ${step.failed > 0 ? 'font-medium text-remove' : 'text-ink-faint'}`}>
                      {number(step.failed)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Card>
        </Section>
      </div>
    </div>
  )
}

function Figure({ name, value, note }: { name: string; value: string; note?: string }) {
  return (
    <div className="border-r border-line p-4 last:border-r-0">
      <dt className="eyebrow">{name}</dt>
      <dd className="figures text-20 font-semibold tracking-tight">{value}</dd>
      {note ? <dd className="text-12 text-ink-faint">{note}</dd> : null}
    </div>
  )
}

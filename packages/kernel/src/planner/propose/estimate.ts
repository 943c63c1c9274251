import { stepKind, type Estimate, type Plan, type PlanStatistics, type Step } from '@life-os/contract'
import { childLists } from '../../plans/index.ts'

/** What a plan will take: the mean of its earlier runs, or what can be counted. */
export function estimateOf(plan: Plan, statistics: PlanStatistics | null): Estimate {
  if (statistics && statistics.done > 0 && statistics.averageTime !== null) {
    const tries = statistics.steps.reduce((sum, step) => sum + step.tries, 0)
    const runs = Math.max(1, statistics.runs)
    return {
      time: Math.round(statistics.averageTime),
      tokens: Math.round(statistics.tokens / runs),
      micros: Math.round(statistics.micros / runs),
      steps: Math.round(tries / runs),
      basis: statistics.runs === 1 ? 'One earlier run.' : `The mean of ${statistics.runs} earlier runs.`,
    }
  }
  const counted = count(plan.steps)
  const free = counted.agents === 0
  const basis = [
    'It has not run before.',
    counted.loops > 0
      ? `How often ${counted.loops === 1 ? 'a step repeats' : `${counted.loops} steps repeat`} is known in the preview.`
      : '',
    free ? 'Running it needs no model.' : 'What its model costs is known once it runs.',
  ]
  return {
    time: null,
    tokens: free ? 0 : null,
    micros: free ? 0 : null,
    steps: counted.loops > 0 ? null : counted.steps,
    basis: basis.filter((part) => part !== '').join(' '),
  }
}

function count(steps: readonly Step[]): { steps: number; loops: number; agents: number } {
  const total = { steps: 0, loops: 0, agents: 0 }
  for (const step of steps) {
    const kind = stepKind(step)
    if (kind === 'tool' || kind === 'plan' || kind === 'agent') total.steps += 1
    if (kind === 'each' || kind === 'while') total.loops += 1
    if (kind === 'agent' || (kind === 'tool' && 'tool' in step && step.tool === 'life-os.generate')) total.agents += 1
    for (const list of childLists(step)) {
      const inner = count(list.steps)
      total.steps += inner.steps
      total.loops += inner.loops
      total.agents += inner.agents
    }
  }
  return total
}

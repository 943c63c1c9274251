import type { Proposal } from '@life-os/contract'
import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Eye } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Icon } from '../../components/icon.tsx'
import { Card, Section } from '../../components/page.tsx'
import { client, requestError } from '../../lib/api.ts'
import { duration, homeText, money, number } from '../../lib/format.ts'
import { useRefreshRuns } from '../../lib/queries.ts'
import { reportDone } from '../../lib/report.ts'
import { MissingInputs } from './missing-inputs.tsx'
import { filledIn } from './missing.ts'
import type { Filled } from './missing.ts'

const PlanGraph = lazy(() => import('../../components/graph/plan-graph-view.tsx').then((module) => ({ default: module.PlanGraph })))
const SOURCE: Record<Proposal['source'], string> = {
  intent: 'understood by rule',
  tool: 'one tool does it',
  model: 'written by a model, checked here',
  none: 'nothing fits',
}

/** A plan before anything happens: its graph, its steps in words, what it will take, what is missing, other ways. */
export function ProposalView({ proposal, onGoal }: { proposal: Proposal; onGoal: (goal: string) => void }) {
  const { plan } = proposal
  const asks = proposal.missing.length > 0
  return (
    <div className="flex flex-col gap-6">
      <header className="flex flex-col gap-1">
        <p className="text-16 font-semibold tracking-tight">{homeText(proposal.summary)}</p>
        <p className="flex flex-wrap items-center gap-2 text-ink-faint">
          <Badge tone={proposal.source === 'none' ? 'change' : 'accent'}>{SOURCE[proposal.source]}</Badge>
          {proposal.repairs > 0 ? (
            <span>It mended its own plan {proposal.repairs === 1 ? 'once' : `${proposal.repairs} times`}.</span>
          ) : null}
          <span className="figures">{estimateWords(proposal.estimate)}</span>
        </p>
      </header>
      {proposal.notices.map((notice) => (
        <p key={notice.code + notice.text} className="flex items-start gap-2 rounded-control bg-change-soft px-3 py-2 text-change">
          <Icon of={GLYPH.warning} size={14} className="mt-0.5" />
          {notice.text}
        </p>
      ))}
      {proposal.faults.length > 0 ? (
        <ul className="rounded-control bg-remove-soft px-3 py-2 text-remove">
          {proposal.faults.map((fault, index) => (
            <li key={index}>
              {fault.path}: {fault.message}
            </li>
          ))}
        </ul>
      ) : null}
      {plan && asks ? <Start proposal={proposal} /> : null}
      {plan ? (
        <Section title={plan.name} hint={proposal.planId ? undefined : 'a new plan'}>
          <Card>
            <div className="h-56 overflow-hidden border-b border-line">
              <Suspense fallback={<div className="skeleton h-full" />}>
                <PlanGraph steps={plan.steps} compact />
              </Suspense>
            </div>
            <ol>
              {proposal.steps.map((step) => (
                <li key={step.path} className="flex min-h-9 items-center gap-3 border-b border-line px-4 py-1.5 last:border-b-0">
                  <span className="min-w-0 flex-1" style={{ paddingLeft: `${depthOf(step.path, proposal.steps) * 16}px` }}>
                    {homeText(step.words)}
                  </span>
                  {step.tool ? <span className="mono shrink-0 text-12 text-ink-faint phone:hidden">{step.tool}</span> : null}
                </li>
              ))}
            </ol>
          </Card>
        </Section>
      ) : null}
      {plan && !asks ? <Start proposal={proposal} /> : null}
      {proposal.alternatives.length > 0 ? <Alternatives proposal={proposal} onGoal={onGoal} /> : null}
    </div>
  )
}

/** In how many other steps a step stands. */
const depthOf = (path: string, steps: Proposal['steps']): number => steps.filter((other) => path.startsWith(`${other.path}.`)).length

function Start({ proposal }: { proposal: Proposal }) {
  const navigate = useNavigate()
  const refresh = useRefreshRuns()
  const [filled, setFilled] = useState<Filled>({})
  const [tried, setTried] = useState(false)
  const made = filledIn(proposal, filled)
  const start = useMutation({
    mutationFn: () => {
      const { plan, planId } = proposal
      if (!plan || !('inputs' in made)) throw new Error('a plan with all its inputs')
      return client.runs.start({ plan: planId ?? plan, inputs: made.inputs })
    },
    onSuccess: (run) => {
      refresh()
      return navigate({ to: '/runs/$run', params: { run: run.id } })
    },
    meta: { quiet: true },
  })
  const save = useMutation({
    mutationFn: async () => {
      if (!proposal.plan) return
      await client.plans.save({ plan: proposal.plan })
      reportDone(`“${proposal.plan.name}” is among your workflows.`)
    },
  })
  const failure = start.error ? requestError(start.error) : null
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if ('inputs' in made && !start.isPending) start.mutate()
      }}
    >
      {proposal.missing.length > 0 ? (
        <MissingInputs
          missing={proposal.missing}
          filled={filled}
          onFilled={setFilled}
          faults={tried && 'faults' in made ? made.faults : {}}
        />
      ) : null}
      {failure ? (
        <p role="alert" className="rounded-control bg-remove-soft px-3 py-2 text-remove">
          {failure.message}
        </p>
      ) : null}
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" large tone="accent" icon={Eye} busy={start.isPending}>
          Preview
        </Button>
        {proposal.planId ? (
          <Button asChild large>
            <Link to="/workflows/$plan" params={{ plan: proposal.planId }} search={{ inputs: proposal.inputs }}>
              Open the workflow
            </Link>
          </Button>
        ) : (
          <Button large busy={save.isPending} disabled={save.isSuccess} onClick={() => save.mutate()}>
            {save.isSuccess ? 'Saved' : 'Save as workflow'}
          </Button>
        )}
        <p className="text-ink-faint">Shows every change. Nothing is touched until you approve.</p>
      </div>
    </form>
  )
}

function Alternatives({ proposal, onGoal }: { proposal: Proposal; onGoal: (goal: string) => void }) {
  return (
    <Section title={proposal.source === 'none' ? 'This may be near it' : 'Other ways'}>
      <Card>
        {proposal.alternatives.map((other, index) => (
          <div key={index} className="flex min-h-11 items-center gap-3 border-b border-line px-4 py-1.5 last:border-b-0">
            <span className="flex min-w-0 flex-1 flex-col">
              <span className="truncate font-medium">{other.title}</span>
              <span className="truncate text-12 text-ink-faint">{other.why}</span>
            </span>
            {other.planId ? (
              <Button asChild>
                <Link to="/workflows/$plan" params={{ plan: other.planId }} search={{ inputs: other.inputs }}>
                  Open
                </Link>
              </Button>
            ) : (
              <Button onClick={() => onGoal(other.title)}>Try</Button>
            )}
          </div>
        ))}
      </Card>
    </Section>
  )
}

function estimateWords({ time, steps, tokens, micros, basis }: Proposal['estimate']): string {
  const words = [
    time === null ? null : `about ${duration(time)}`,
    steps === null ? null : `${number(steps)} steps`,
    tokens === null || tokens === 0 ? null : `${number(tokens)} tokens`,
    micros === null || micros === 0 ? null : money(micros),
  ].filter((word) => word !== null)
  return [...words, basis].filter((word) => word !== '').join(' · ')
}

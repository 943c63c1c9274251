import type { Proposal } from '@life-os/contract'
import { useMutation } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { ArrowRight } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { TextInput } from '../../components/field.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Page } from '../../components/page.tsx'
import { Empty, Failure, SkeletonBlock } from '../../components/states.tsx'
import { client, requestError } from '../../lib/api.ts'
import { useCrumbs } from '../../lib/crumbs.ts'
import { ProposalView } from './proposal-view.tsx'

/** A goal in words becomes a plan to look at. The address holds the goal, or the run that is to go on another way. */
export function GoalPage() {
  const { goal, replan } = useSearch({ from: '/goal' })
  const navigate = useNavigate()
  const [text, setText] = useState(goal ?? '')
  useCrumbs({ label: 'Workflows', to: '/workflows' }, { label: replan ? 'Another way' : 'From a goal', to: '/goal' })
  const { mutate, ...found } = useMutation<Proposal, Error, { goal: string } | { run: string; hint?: string }>({
    mutationFn: (wanted) => ('goal' in wanted ? client.planner.propose(wanted) : client.planner.replan(wanted)),
    meta: { quiet: true },
  })
  useEffect(() => {
    if (replan !== undefined) mutate({ run: replan })
    else if (goal !== undefined) mutate({ goal })
  }, [goal, replan, mutate])
  const ask = (): void => {
    if (text.trim() === '') return
    if (replan !== undefined) mutate({ run: replan, hint: text.trim() })
    else if (text.trim() === goal) mutate({ goal: text.trim() })
    else void navigate({ to: '/goal', search: { goal: text.trim() }, replace: goal !== undefined })
  }
  return (
    <Page
      title={replan ? 'Another way' : 'What shall be done?'}
      description={
        replan
          ? 'A plan for what that run left undone. What it finished is not done again.'
          : 'Say it in words. You see the plan, then every change, before anything happens.'
      }
      width="text"
    >
      <form className="flex gap-2" onSubmit={(event) => (event.preventDefault(), ask())}>
        <TextInput
          autoFocus
          aria-label={replan ? 'What should be different' : 'Your goal'}
          placeholder={replan ? 'What should be different, for example: leave out the broken file' : 'tidy ~/Downloads'}
          value={text}
          maxLength={2000}
          className="h-9 text-14"
          onChange={(event) => setText(event.target.value)}
        />
        <Button large type="submit" tone="accent" icon={ArrowRight} busy={found.isPending} disabled={text.trim() === ''}>
          {replan ? 'Try again' : 'Make a plan'}
        </Button>
      </form>
      {found.isPending ? (
        <div role="status" aria-label="A plan is being made" className="flex flex-col gap-3">
          <SkeletonBlock className="h-5 w-80" />
          <SkeletonBlock className="h-48" />
          <SkeletonBlock className="h-24" />
        </div>
      ) : found.error ? (
        <Failure error={requestError(found.error)} quiet />
      ) : found.data ? (
        <ProposalView key={found.data.id} proposal={found.data} onGoal={(next) => void navigate({ to: '/goal', search: { goal: next } })} />
      ) : (
        <Empty icon={GLYPH.plan} title="Nothing is said yet" quiet>
          What workflows can do is understood without a model. For the rest one writes the plan, and it is checked before you see it.
        </Empty>
      )}
    </Page>
  )
}

import type { StoredPlan } from '@life-os/contract'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useDeferredValue } from 'react'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { SearchInput } from '../../components/field.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Icon } from '../../components/icon.tsx'
import { Card, Page } from '../../components/page.tsx'
import { Empty, Failure, SkeletonRows } from '../../components/states.tsx'
import { api, requestError } from '../../lib/api.ts'
import { useCrumbs } from '../../lib/crumbs.ts'
import { count } from '../../lib/format.ts'

/** Every saved plan. */
export function WorkflowsPage() {
  useCrumbs({ label: 'Workflows', to: '/workflows' })
  const navigate = useNavigate()
  const { q } = useSearch({ from: '/workflows' })
  const words = useDeferredValue(q ?? '')
  const plans = useQuery({
    ...api.plans.list.queryOptions({ input: { limit: 200, ...(words && { search: words }) } }),
    placeholderData: (before) => before,
  })
  return (
    <Page
      title="Workflows"
      description="Plans that you can read before they run."
      actions={
        <>
          <Button asChild tone="accent">
            <Link to="/goal">From a goal</Link>
          </Button>
          <SearchInput
            value={q ?? ''}
            onChange={(next) => void navigate({ to: '/workflows', search: next ? { q: next } : {}, replace: true })}
            label="Search workflows"
            className="w-56 phone:w-full"
          />
        </>
      }
    >
      <Card>
        {plans.isPending ? (
          <SkeletonRows rows={6} label="Loading workflows" />
        ) : plans.error ? (
          <Failure error={requestError(plans.error)} onRetry={() => void plans.refetch()} quiet />
        ) : plans.data.items.length === 0 ? (
          <Empty icon={GLYPH.plan} title={words ? 'No workflow matches' : 'No workflows yet'} quiet>
            {words ? 'Try other words.' : 'Plugins bring some; a preview can be saved as one.'}
          </Empty>
        ) : (
          plans.data.items.map((stored) => <Row key={stored.plan.id} stored={stored} />)
        )}
      </Card>
    </Page>
  )
}

function Row({ stored }: { stored: StoredPlan }) {
  const { plan } = stored
  return (
    <div className="group relative flex min-h-14 items-center gap-3 border-b border-line px-4 py-2.5 last:border-b-0 hover:bg-hover/60 phone:px-3">
      <span className="flex size-8 shrink-0 items-center justify-center rounded-control bg-accent-soft text-accent-text">
        <Icon of={GLYPH.plan} />
      </span>
      <div className="min-w-0 flex-1">
        <h2 className="flex items-center gap-2 font-medium">
          <Link to="/workflows/$plan" params={{ plan: plan.id }} className="truncate after:absolute after:inset-0">
            {plan.name}
          </Link>
          {stored.source === 'person' ? (
            <Badge>yours</Badge>
          ) : stored.plugin ? (
            <span className="text-12 font-normal text-ink-faint phone:hidden">from {stored.plugin}</span>
          ) : null}
        </h2>
        {plan.description ? <p className="line-clamp-1 text-ink-faint">{plan.description}</p> : null}
      </div>
      <span className="shrink-0 text-12 text-ink-faint phone:hidden">{count(plan.steps.length, 'step')}</span>
      <span className="mono w-14 shrink-0 text-right text-12 text-ink-faint phone:hidden">{plan.version}</span>
      <Button asChild className="relative">
        <Link to="/workflows/$plan" params={{ plan: plan.id }}>
          Start
        </Link>
      </Button>
    </div>
  )
}

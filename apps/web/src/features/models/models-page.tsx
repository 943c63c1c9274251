import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { SkeletonRows } from '../../components/states.tsx'
import { TabBar } from '../../components/tab-bar.tsx'
import { api } from '../../lib/api.ts'
import { useCrumbs } from '../../lib/crumbs.ts'
import { ModelsTab } from './models-tab.tsx'
import { ProvidersTab } from './providers-tab.tsx'
import { ChoicesTab } from './choices-tab.tsx'

const CostsTab = lazy(() => import('./costs-tab.tsx'))
const TABS = [
  { value: 'models', label: 'Models' },
  { value: 'providers', label: 'Providers' },
  { value: 'choices', label: 'Choices and limits' },
  { value: 'costs', label: 'Costs' },
] as const

/** Which models there are, who serves them, which is taken for what, and what they cost. */
export function ModelsPage() {
  const search = useSearch({ from: '/models' })
  const navigate = useNavigate()
  const providers = useQuery({ ...api.models.providers.queryOptions({ input: { look: true } }), staleTime: 15_000 })
  const models = useQuery({ ...api.models.list.queryOptions({ input: {} }), staleTime: 15_000 })
  const tab = TABS.find((each) => each.value === search.tab)?.value ?? 'models'
  useCrumbs({ label: 'Models', to: '/models' })
  return (
    <div className="flex h-full flex-col">
      <h1 className="sr-only">Models</h1>
      <TabBar
        label="Parts of the models"
        tabs={TABS.map((each) => ({
          ...each,
          count: each.value === 'models' ? models.data?.length : each.value === 'providers' ? providers.data?.length : undefined,
        }))}
        value={tab}
        onChange={(next) => void navigate({ to: '/models', search: next === 'models' ? {} : { tab: next }, replace: true })}
      />
      <div className="min-h-0 flex-1 overflow-auto">
        <div className="mx-auto flex max-w-[1000px] flex-col gap-6 px-8 pb-16 pt-6 phone:px-4 phone:pt-4">
          {tab === 'models' ? <ModelsTab /> : null}
          {tab === 'providers' ? <ProvidersTab /> : null}
          {tab === 'choices' ? <ChoicesTab /> : null}
          {tab === 'costs' ? (
            <Suspense fallback={<SkeletonRows label="Loading the costs" />}>
              <CostsTab />
            </Suspense>
          ) : null}
        </div>
      </div>
    </div>
  )
}

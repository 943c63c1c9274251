import type { Provider } from '@life-os/contract'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { SearchInput } from '../../components/field.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Icon } from '../../components/icon.tsx'
import { Failure, SkeletonRows } from '../../components/states.tsx'
import { api, requestError } from '../../lib/api.ts'
import { AdviceSection } from './advice-section.tsx'
import { ModelDialog } from './model-dialog.tsx'
import { ModelGroup } from './model-group.tsx'
import { PROVIDER_STATE } from './model-words.ts'
import { NoModels } from './no-models.tsx'
import { PullList } from './pulls.tsx'

const WORTH_SEARCHING = 12

/** Every model by who serves it; with none, the ways to one. */
export function ModelsTab() {
  const models = useQuery({ ...api.models.list.queryOptions({ input: {} }), staleTime: 15_000 })
  const providers = useQuery({ ...api.models.providers.queryOptions({ input: { look: true } }), staleTime: 15_000 })
  const [open, setOpen] = useState<string | null>(null)
  const [words, setWords] = useState('')
  if (models.isPending) return <SkeletonRows label="Loading models" />
  if (models.error) return <Failure error={requestError(models.error)} onRetry={() => void models.refetch()} />
  const chosen = models.data.find((model) => model.ref === open)
  const wanted = words.toLowerCase().split(/\s+/)
  const found = models.data.filter((model) => wanted.every((word) => `${model.ref} ${model.title}`.toLowerCase().includes(word)))
  const nameOf = (id: string): string => providers.data?.find((provider) => provider.id === id)?.name ?? id
  return (
    <>
      {providers.data?.filter(isAmiss).map((provider) => (
        <Amiss key={provider.id} provider={provider} />
      ))}
      {models.data.length === 0 ? <NoModels /> : null}
      {models.data.length > WORTH_SEARCHING ? (
        <SearchInput value={words} onChange={setWords} label="Find a model" className="w-72 phone:w-full" />
      ) : null}
      <PullList />
      {[...Map.groupBy(found, (model) => model.provider)].map(([provider, list]) => (
        <ModelGroup key={`${provider} ${words}`} name={nameOf(provider)} models={list} onOpen={setOpen} />
      ))}
      {found.length === 0 && models.data.length > 0 ? (
        <p className="py-8 text-center text-ink-faint">No model here is called that.</p>
      ) : null}
      {words === '' ? <AdviceSection /> : null}
      {chosen ? <ModelDialog model={chosen} onClose={() => setOpen(null)} /> : null}
    </>
  )
}

const isAmiss = ({ state }: Provider): boolean => state === 'refused' || state === 'unreachable' || state === 'resting'

function Amiss({ provider }: { provider: Provider }) {
  return (
    <p className="flex items-start gap-2 rounded-control bg-change-soft px-3 py-2 text-change">
      <Icon of={GLYPH.warning} size={14} className="mt-0.5" />
      <span className="min-w-0 flex-1 break-words">{provider.reason ?? `${provider.name}: ${PROVIDER_STATE[provider.state].word}.`}</span>
      <Link to="/models" search={{ tab: 'providers' }} className="shrink-0 font-medium underline underline-offset-2">
        See to it
      </Link>
    </p>
  )
}

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api } from '../lib/api.ts'
import { cn } from '../lib/cn.ts'
import { midnight, money } from '../lib/format.ts'
import { modelsInWords } from './models-in-words.ts'

const MINUTE = 60_000

/** Whether models serve, with the way to the page where that is mended. */
export function ModelsStatus() {
  const providers = useQuery({ ...api.models.providers.queryOptions({ input: {} }), refetchInterval: MINUTE })
  if (!providers.data) return null
  const { words, amiss } = modelsInWords(providers.data)
  return (
    <Link
      to="/models"
      search={amiss ? { tab: 'providers' } : {}}
      className={cn('min-w-0 truncate hover:text-ink', amiss && 'font-medium text-change')}
    >
      {words}
    </Link>
  )
}

/** What models cost since midnight, on this Life-OS. */
export function CostToday() {
  const costs = useQuery({ ...api.models.costs.queryOptions({ input: { by: 'day', from: midnight() } }), refetchInterval: MINUTE })
  return (
    <Link to="/models" search={{ tab: 'costs' }} className="shrink-0 hover:text-ink">
      {money(costs.data?.total.micros ?? 0)} today
    </Link>
  )
}

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Card, Section } from '../../components/page.tsx'
import { Segmented } from '../../components/segmented.tsx'
import { Failure, SkeletonRows } from '../../components/states.tsx'
import { TickRow } from '../../components/tick-row.tsx'
import { api, client, requestError } from '../../lib/api.ts'
import { reportFailure } from '../../lib/report.ts'
import { AliasSection } from './alias-section.tsx'
import { LimitsSection } from './limits-section.tsx'
import { PricesSection } from './prices-section.tsx'
import { WhoSection } from './who-section.tsx'

type Patch = Parameters<typeof client.models.setSettings>[0]

/** Which model is taken for what, and what may be spent. */
export function ChoicesTab() {
  const queries = useQueryClient()
  const settings = useQuery(api.models.settings.queryOptions())
  const models = useQuery({ ...api.models.list.queryOptions({ input: {} }), staleTime: 15_000 })
  const save = useMutation({
    mutationFn: (patch: Patch) => client.models.setSettings(patch),
    onSuccess: (now) => queries.setQueryData(api.models.settings.queryKey(), now),
    onError: reportFailure,
    onSettled: () => queries.invalidateQueries({ queryKey: api.models.key() }),
  })
  const failed = settings.error ?? models.error
  if (failed) return <Failure error={requestError(failed)} onRetry={() => void Promise.all([settings.refetch(), models.refetch()])} />
  if (!settings.data || !models.data) return <SkeletonRows label="Loading the choices" />
  const { data } = settings
  return (
    <>
      <Section title="Where first" hint="Private data only ever reaches models on this machine, whatever is chosen here.">
        <Card className="flex flex-col gap-4 p-4">
          <Segmented
            label="Where first"
            value={data.prefer}
            options={[
              { value: 'local', label: 'This machine first' },
              { value: 'cloud', label: 'Cloud first' },
            ]}
            onChange={(prefer) => save.mutate({ prefer })}
            className="self-start"
          />
          <TickRow
            checked={data.fallback}
            onChange={(fallback) => save.mutate({ fallback })}
            label="Use a cloud model when none on this machine can do it"
            help="Never for what is private, and within the limits below."
          />
        </Card>
      </Section>
      <AliasSection aliases={data.aliases} models={models.data} onChange={(aliases) => save.mutate({ aliases })} />
      <WhoSection settings={data} models={models.data} onChange={(choices) => save.mutate({ choices })} />
      <LimitsSection
        key={JSON.stringify(data.budgets)}
        budgets={data.budgets}
        busy={save.isPending}
        onSave={(budgets) => save.mutate({ budgets })}
      />
      <PricesSection settings={data} models={models.data} onChange={(prices) => save.mutate({ prices })} />
    </>
  )
}

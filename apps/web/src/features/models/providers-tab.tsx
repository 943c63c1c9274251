import type { Provider } from '@life-os/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Ellipsis, Plus, RotateCw } from 'lucide-react'
import { useState } from 'react'
import { Badge } from '../../components/badge.tsx'
import { Button, IconButton } from '../../components/button.tsx'
import { Confirm } from '../../components/dialog.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { ActionMenu } from '../../components/menu.tsx'
import { Card, Section } from '../../components/page.tsx'
import { Empty, Failure, SkeletonRows } from '../../components/states.tsx'
import { api, client, requestError } from '../../lib/api.ts'
import { count } from '../../lib/format.ts'
import { reportFailure } from '../../lib/report.ts'
import { KINDS, PROVIDER_STATE } from './model-words.ts'
import { ProviderDialog } from './provider-dialog.tsx'

/** Who serves models: set up here, or found on this machine. */
export function ProvidersTab() {
  const queries = useQueryClient()
  const providers = useQuery({ ...api.models.providers.queryOptions({ input: { look: true } }), staleTime: 15_000 })
  const [editing, setEditing] = useState<Provider | 'new' | null>(null)
  const [removing, setRemoving] = useState<Provider | null>(null)
  const refresh = () => queries.invalidateQueries({ queryKey: api.models.key() })
  const toggle = useMutation({
    onError: reportFailure,
    mutationFn: ({ id, kind, name, url, secret, enabled }: Provider) =>
      client.models.setProvider({
        id,
        kind,
        name,
        enabled: !enabled,
        ...(url !== undefined && { url }),
        ...(secret !== undefined && { secret }),
      }),
    onSettled: refresh,
  })
  const remove = useMutation({
    onError: reportFailure,
    mutationFn: (id: string) => client.models.removeProvider({ id }),
    onSuccess: () => setRemoving(null),
    onSettled: refresh,
  })
  if (providers.isPending) return <SkeletonRows label="Looking for providers" />
  if (providers.error) return <Failure error={requestError(providers.error)} onRetry={() => void providers.refetch()} />
  return (
    <Section
      title="Providers"
      hint="Ollama and LM Studio are found by themselves when they run on this machine."
      actions={
        <>
          <Button icon={RotateCw} busy={providers.isFetching} onClick={() => void providers.refetch()}>
            Look again
          </Button>
          <Button icon={Plus} tone="accent" onClick={() => setEditing('new')}>
            Add
          </Button>
        </>
      }
    >
      <Card>
        {providers.data.length === 0 ? (
          <Empty icon={GLYPH.model} title="Nobody serves models yet" quiet>
            Neither Ollama nor LM Studio answers on this machine. Start one, or add a provider with its key.
          </Empty>
        ) : (
          providers.data.map((provider) => (
            <div
              key={provider.id}
              className="flex min-h-12 items-center gap-3 border-b border-line px-4 py-2 last:border-b-0 phone:gap-2 phone:pl-3 phone:pr-1"
            >
              <span className="flex min-w-0 flex-1 flex-col">
                <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
                  <span className="min-w-0 break-words font-medium">{provider.name}</span>
                  {provider.local ? <Badge tone="private">on this machine</Badge> : null}
                  {provider.detected ? <Badge>found by itself</Badge> : null}
                </span>
                <span className="mono truncate text-12 text-ink-faint">
                  {provider.url ?? KINDS[provider.kind].url}
                  {provider.secret ? ` · key ${provider.secret}` : ''}
                </span>
                {provider.reason ? <span className="break-words text-12 text-remove">{provider.reason}</span> : null}
              </span>
              <span className="figures text-12 text-ink-faint phone:hidden">{count(provider.models, 'model')}</span>
              <Badge tone={PROVIDER_STATE[provider.state].tone}>{PROVIDER_STATE[provider.state].word}</Badge>
              <ActionMenu
                trigger={<IconButton icon={Ellipsis} label={`More about ${provider.name}`} />}
                items={[
                  { id: 'edit', name: provider.detected ? 'Set up' : 'Change', group: 'Provider', perform: () => setEditing(provider) },
                  {
                    id: 'toggle',
                    name: provider.enabled ? 'Switch off' : 'Switch on',
                    group: 'Provider',
                    perform: () => toggle.mutate(provider),
                  },
                  {
                    id: 'remove',
                    name: 'Forget',
                    group: 'Provider',
                    grave: true,
                    when: !provider.detected,
                    perform: () => setRemoving(provider),
                  },
                ]}
              />
            </div>
          ))
        )}
      </Card>
      {editing ? <ProviderDialog {...(editing !== 'new' && { known: editing })} onClose={() => setEditing(null)} /> : null}
      <Confirm
        open={removing !== null}
        onOpenChange={(open) => open || setRemoving(null)}
        title={`Forget ${removing?.name ?? ''}?`}
        message="Nothing is asked of it any more. Its key stays under Settings, Secrets."
        confirm="Forget"
        busy={remove.isPending}
        onConfirm={() => removing && remove.mutate(removing.id)}
      />
    </Section>
  )
}

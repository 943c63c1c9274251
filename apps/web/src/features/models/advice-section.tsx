import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { TextInput } from '../../components/field.tsx'
import { Card, Section } from '../../components/page.tsx'
import { api, client } from '../../lib/api.ts'
import { bytes } from '../../lib/format.ts'
import { reportFailure } from '../../lib/report.ts'
import { CAPABILITY } from './model-words.ts'

/** Models worth fetching for the memory that this machine has; only where something here can keep models. */
export function AdviceSection() {
  const queries = useQueryClient()
  const advice = useQuery({ ...api.models.advice.queryOptions(), staleTime: 60_000 })
  const providers = useQuery({ ...api.models.providers.queryOptions({ input: { look: true } }), staleTime: 15_000 })
  const keeper = providers.data?.find((provider) => provider.kind === 'ollama' && provider.state === 'ready')
  const [name, setName] = useState('')
  const pull = useMutation({
    mutationFn: (model: string) => client.models.pull({ ref: `${keeper?.id ?? 'ollama'}/${model}` }),
    onSuccess: () => setName(''),
    onError: reportFailure,
    onSettled: () => queries.invalidateQueries({ queryKey: api.models.key() }),
  })
  if (!keeper || !advice.data) return null
  const { memory, disk, models } = advice.data
  return (
    <Section
      title="Fetch a model to this machine"
      hint={`${bytes(memory)} of memory · models take ${bytes(disk.used)}${disk.free === null ? '' : `, ${bytes(disk.free)} free`}`}
    >
      <Card>
        {models.map((model) => (
          <div key={model.name} className="flex min-h-11 items-center gap-3 border-b border-line px-4 py-1.5 phone:flex-wrap phone:px-3">
            <span className="flex min-w-0 flex-1 flex-col phone:basis-full">
              <span className="font-medium">
                {model.title} <span className="mono text-12 font-normal text-ink-faint">{model.name}</span>
              </span>
              <span className="text-12 text-ink-faint">{model.why}</span>
            </span>
            <span className="flex gap-1 phone:hidden">
              {model.capabilities.map((capability) => (
                <Badge key={capability}>{CAPABILITY[capability]}</Badge>
              ))}
            </span>
            {model.fits ? null : <Badge tone="change">too large here</Badge>}
            <span className="figures w-16 shrink-0 text-right text-12 text-ink-faint">{bytes(model.size)}</span>
            {model.installed ? (
              <span className="w-20 text-center text-12 text-ink-faint">is here</span>
            ) : (
              <Button
                icon={Download}
                disabled={pull.isPending}
                onClick={() => pull.mutate(model.name)}
                className="w-20"
                aria-label={`Fetch ${model.title}`}
              >
                Fetch
              </Button>
            )}
          </div>
        ))}
        <form
          className="flex items-center gap-2 px-4 py-2 phone:px-3"
          onSubmit={(event) => {
            event.preventDefault()
            if (name.trim() !== '') pull.mutate(name.trim())
          }}
        >
          <TextInput
            aria-label="Name of another model"
            placeholder="another one, by its name"
            className="mono max-w-72 text-12"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <Button type="submit" icon={Download} disabled={name.trim() === '' || pull.isPending}>
            Fetch
          </Button>
        </form>
      </Card>
    </Section>
  )
}

import type { ModelAdvice } from '@life-os/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { TextInput } from '../../components/field.tsx'
import { Card, Section } from '../../components/page.tsx'
import { api, client } from '../../lib/api.ts'
import { bytes, number } from '../../lib/format.ts'
import { reportFailure } from '../../lib/report.ts'
import { inOrder } from './model-words.ts'

const AT_FIRST = 5

/** Models worth fetching for the memory that this machine has; only where something here can keep models. */
export function AdviceSection() {
  const queries = useQueryClient()
  const advice = useQuery({ ...api.models.advice.queryOptions(), staleTime: 60_000 })
  const providers = useQuery({ ...api.models.providers.queryOptions({ input: { look: true } }), staleTime: 15_000 })
  const keeper = providers.data?.find((provider) => provider.kind === 'ollama' && provider.state === 'ready')
  const [whole, setWhole] = useState(false)
  const pull = useMutation({
    mutationFn: (model: string) => client.models.pull({ ref: `${keeper?.id ?? 'ollama'}/${model}` }),
    onError: reportFailure,
    onSettled: () => queries.invalidateQueries({ queryKey: api.models.key() }),
  })
  if (!keeper || !advice.data) return null
  const { memory, disk } = advice.data
  const models = advice.data.models.filter(({ installed }) => !installed)
  const shown = whole ? models : models.slice(0, AT_FIRST)
  return (
    <Section
      title="Fetch a model to this machine"
      hint={`${bytes(memory)} of memory · models take ${bytes(disk.used)}${disk.free === null ? '' : `, ${bytes(disk.free)} free`}`}
    >
      <Card>
        {shown.map((model) => (
          <AdvisedLine key={model.name} model={model} busy={pull.isPending} onFetch={() => pull.mutate(model.name)} />
        ))}
        {shown.length < models.length ? (
          <button
            type="button"
            onClick={() => setWhole(true)}
            className="flex min-h-11 w-full items-center border-b border-line px-4 font-medium text-accent-text hover:bg-hover focus-visible:-outline-offset-2 phone:px-3"
          >
            Show {number(models.length - shown.length)} more
          </button>
        ) : null}
        <OtherModel busy={pull.isPending} onFetch={pull.mutate} />
      </Card>
    </Section>
  )
}

function AdvisedLine({ model, busy, onFetch }: { model: ModelAdvice; busy: boolean; onFetch: () => void }) {
  return (
    <div className="flex min-h-11 items-center gap-3 border-b border-line px-4 py-1.5 phone:px-3 phone:py-2">
      <span className="flex min-w-0 flex-1 flex-col">
        <span className="flex flex-wrap items-baseline gap-x-2 font-medium">
          {model.title} <span className="mono text-12 font-normal text-ink-faint">{model.name}</span>
        </span>
        <span className="figures text-12 text-ink-faint">
          {bytes(model.size)} · {model.why}
        </span>
      </span>
      <span className="flex gap-1 phone:hidden">
        {inOrder(model.capabilities).map(({ capability, word }) => (
          <Badge key={capability}>{word}</Badge>
        ))}
      </span>
      {model.fits ? null : <Badge tone="change">too large here</Badge>}
      <Button icon={Download} disabled={busy} onClick={onFetch} className="shrink-0" aria-label={`Fetch ${model.title}`}>
        Fetch
      </Button>
    </div>
  )
}

function OtherModel({ busy, onFetch }: { busy: boolean; onFetch: (model: string) => void }) {
  const [name, setName] = useState('')
  return (
    <form
      className="flex items-center gap-2 px-4 py-2 phone:px-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (name.trim() === '') return
        onFetch(name.trim())
        setName('')
      }}
    >
      <TextInput
        aria-label="Name of another model"
        placeholder="another one, by its name"
        className="mono max-w-72 text-12"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Button type="submit" icon={Download} disabled={name.trim() === '' || busy} className="ml-auto">
        Fetch
      </Button>
    </form>
  )
}
